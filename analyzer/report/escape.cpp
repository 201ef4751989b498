#include "analyzer/report/escape.h"

#include <fmt/format.h>

namespace gordian::report {
namespace {

struct CodePoint {
  uint32_t value = 0;
  size_t size = 0;  // 0: not UTF-8
};

// Strict: no overlong forms, no surrogates, nothing past U+10FFFF (RFC 3629).
CodePoint decode(std::string_view text) {
  auto byte = [&](size_t i) { return static_cast<unsigned char>(text[i]); };
  const uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const size_t size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < size) return {};
  uint32_t value = lead & (0xffu >> (size + 1));
  for (size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    value = value << 6 | (byte(i) & 0x3fu);
  }
  constexpr uint32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  if (value < kSmallest[size] || value > 0x10ffff || (value >= 0xd800 && value <= 0xdfff)) return {};
  return {value, size};
}

bool is_dangerous(uint32_t value) {
  return value < 0x20 || (value >= 0x7f && value < 0xa0) ||  // C0, DEL, C1
         (value >= 0x200b && value <= 0x200f) ||             // invisible, and direction marks
         (value >= 0x2028 && value <= 0x202e) ||             // separators, embeddings and overrides
         (value >= 0x2060 && value <= 0x206f) || value == 0x061c || value == 0xfeff;
}

std::string escape_code_point(uint32_t value) {
  if (value == '\n') return "\\n";
  if (value == '\t') return "\\t";
  return value < 0x100 ? fmt::format("\\x{:02x}", value) : fmt::format("\\u{{{:x}}}", value);
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const CodePoint point = decode(text);
    if (point.size == 0) {
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[0]));
      text.remove_prefix(1);
      continue;
    }
    if (is_dangerous(point.value)) {
      result += escape_code_point(point.value);
    } else {
      result += text.substr(0, point.size);
    }
    text.remove_prefix(point.size);
  }
  return result;
}

std::string quoted(std::string_view text) {
  std::string escaped;
  for (char character : text) {
    if (character == '"' || character == '\\') escaped += '\\';
    escaped += character;
  }
  return '"' + printable(escaped) + '"';
}

}  // namespace gordian::report
