#include "analyzer/report/source_lines.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "analyzer/report/escape.h"

namespace gordian::report {
namespace {

constexpr off_t kLargestFile = 16 << 20;
constexpr size_t kLongestLine = 160;

// O_NONBLOCK: a path of the watched program may be a FIFO, whose open would wait for a writer.
std::string read_regular_file(const std::string& path) {
  std::string content;
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0) return content;
  struct stat status {};
  if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_size <= kLargestFile) {
    content.resize(static_cast<size_t>(status.st_size));
    size_t used = 0;
    ssize_t got = 0;
    while (used < content.size() && (got = read(file, content.data() + used, content.size() - used)) > 0) {
      used += static_cast<size_t>(got);
    }
    content.resize(used);
  }
  close(file);
  return content;
}

std::vector<std::string> split_lines(const std::string& content) {
  std::vector<std::string> lines;
  for (size_t start = 0; start < content.size();) {
    size_t end = content.find('\n', start);
    if (end == std::string::npos) end = content.size();
    lines.push_back(content.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

std::string shown(const std::string& raw) {
  std::string line;
  for (char character : raw.substr(0, kLongestLine)) {
    if (character == '\t') {
      line.append(4, ' ');
    } else if (character != '\r') {
      line += character;
    }
  }
  if (raw.size() > kLongestLine) line += "...";
  return printable(line);
}

}  // namespace

std::optional<std::string> SourceLines::line(const std::string& path, uint32_t number) {
  const std::vector<std::string>& lines = lines_of(path);
  if (number == 0 || number > lines.size()) return std::nullopt;
  return shown(lines[number - 1]);
}

std::optional<std::string> SourceLines::indent(const std::string& path, uint32_t number, uint32_t column) {
  const std::vector<std::string>& lines = lines_of(path);
  if (number == 0 || number > lines.size() || column == 0) return std::nullopt;
  const std::string& raw = lines[number - 1];
  if (column > raw.size() || column > kLongestLine) return std::nullopt;
  const std::string before = shown(raw.substr(0, column - 1));
  std::string indent;
  for (char each : before) {
    if ((static_cast<unsigned char>(each) & 0xc0) != 0x80) indent += ' ';
  }
  return indent;
}

const std::vector<std::string>& SourceLines::lines_of(const std::string& path) {
  auto [place, is_new] = files_.try_emplace(path);
  if (is_new) place->second = split_lines(read_regular_file(path));
  return place->second;
}

}  // namespace gordian::report
