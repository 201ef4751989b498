#include "analyzer/report/uri.h"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>
#include <string_view>

namespace gordian::report {
namespace {

bool stays_as_it_is(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~/").find(c) != std::string_view::npos;
}

std::string percent_encoded(std::string_view path) {
  std::string result;
  for (char c : path) {
    if (stays_as_it_is(c)) {
      result += c;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return result;
}

// Without `.`, `..`, doubled slashes and one at the end; the root itself becomes empty.
std::string normalised(const std::string& path) {
  std::string result = std::filesystem::path(path).lexically_normal().string();
  while (result.ends_with('/')) result.pop_back();
  const size_t slashes = result.find_first_not_of('/');
  if (slashes != result.npos && slashes > 1) result.erase(0, slashes - 1);
  return result;
}

}  // namespace

FileUri file_uri(const std::string& path, const std::string& root) {
  const std::string file = normalised(path);
  if (!path.starts_with('/')) return {percent_encoded(file), false};
  const std::string below = normalised(root) + '/';
  if (!root.empty() && file.size() > below.size() && file.starts_with(below))
    return {percent_encoded(std::string_view(file).substr(below.size())), true};
  return {"file://" + percent_encoded(file.empty() ? "/" : file), false};
}

std::string path_from_uri(std::string_view uri) {
  if (uri.starts_with("file://")) uri.remove_prefix(7);
  std::string path;
  for (size_t i = 0; i < uri.size(); ++i) {
    unsigned byte = 0;
    const char* digits = uri.data() + i + 1;
    if (uri[i] == '%' && i + 2 < uri.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      path += static_cast<char>(byte);
      i += 2;
    } else {
      path += uri[i];
    }
  }
  return path;
}

std::string directory_uri(const std::string& path) {
  return "file://" + percent_encoded(normalised(path)) + '/';
}

}  // namespace gordian::report
