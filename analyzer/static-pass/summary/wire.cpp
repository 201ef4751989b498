#include "analyzer/static-pass/summary/wire.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace gordian::check {
namespace {

constexpr uint64_t kLargestCount = 1'000'000;
constexpr uint64_t kLargestText = uint64_t{1} << 32;

bool send_bytes(int descriptor, const char* bytes, size_t size) {
  while (size > 0) {
    ssize_t sent = send(descriptor, bytes, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == ENOTSOCK) sent = write(descriptor, bytes, size);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<size_t>(sent);
  }
  return true;
}

bool receive_bytes(int descriptor, char* bytes, size_t size) {
  while (size > 0) {
    const ssize_t got = read(descriptor, bytes, size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    bytes += got;
    size -= static_cast<size_t>(got);
  }
  return true;
}

std::optional<uint64_t> receive_number(int descriptor, uint64_t largest) {
  uint64_t number = 0;
  if (!receive_bytes(descriptor, reinterpret_cast<char*>(&number), sizeof number) || number > largest)
    return std::nullopt;
  return number;
}

void append_number(std::string& bytes, uint64_t number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

}  // namespace

bool send_texts(int descriptor, const std::vector<std::string>& texts) {
  std::string bytes;
  append_number(bytes, texts.size());
  for (const std::string& text : texts) {
    append_number(bytes, text.size());
    bytes += text;
  }
  return send_bytes(descriptor, bytes.data(), bytes.size());
}

std::optional<std::vector<std::string>> receive_texts(int descriptor) {
  const std::optional<uint64_t> count = receive_number(descriptor, kLargestCount);
  if (!count) return std::nullopt;
  std::vector<std::string> texts(*count);
  for (std::string& text : texts) {
    const std::optional<uint64_t> size = receive_number(descriptor, kLargestText);
    if (!size) return std::nullopt;
    text.resize(*size);
    if (!receive_bytes(descriptor, text.data(), text.size())) return std::nullopt;
  }
  return texts;
}

}  // namespace gordian::check
