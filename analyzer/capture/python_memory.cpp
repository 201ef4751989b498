#include "analyzer/capture/python_memory.h"

#include <limits>

namespace gordian::capture {
namespace {

constexpr int64_t kLongestText = 4096;              // characters; longer names are no names
constexpr int64_t kLongestBytes = 4 * 1024 * 1024;  // the location table of an enormous module body

// CPython's string state: interned (2 bits), kind (3 bits), compact, ascii.
constexpr uint32_t kKindShift = 2;
constexpr uint32_t kKindMask = 7;
constexpr uint32_t kCompact = 1u << 5;
constexpr uint32_t kAscii = 1u << 6;

void append_utf8(std::string& text, uint32_t character) {
  const bool is_surrogate = character >= 0xd800 && character <= 0xdfff;
  if (is_surrogate || character > 0x10ffff) character = 0xfffd;
  if (character < 0x80) {
    text += static_cast<char>(character);
  } else if (character < 0x800) {
    text += static_cast<char>(0xc0 | character >> 6);
    text += static_cast<char>(0x80 | (character & 0x3f));
  } else if (character < 0x10000) {
    text += static_cast<char>(0xe0 | character >> 12);
    text += static_cast<char>(0x80 | (character >> 6 & 0x3f));
    text += static_cast<char>(0x80 | (character & 0x3f));
  } else {
    text += static_cast<char>(0xf0 | character >> 18);
    text += static_cast<char>(0x80 | (character >> 12 & 0x3f));
    text += static_cast<char>(0x80 | (character >> 6 & 0x3f));
    text += static_cast<char>(0x80 | (character & 0x3f));
  }
}

}  // namespace

bool PythonMemory::read(uint64_t address, void* buffer, size_t size) {
  if (address == 0 || address > std::numeric_limits<uint64_t>::max() - size) return false;
  return memory_.read(address, buffer, size);
}

std::string PythonMemory::c_string(uint64_t address) {
  constexpr size_t kLongest = 40;
  std::string text;
  for (char letter = 0; text.size() < kLongest; text += letter)
    if (!read(address + text.size(), &letter, 1) || letter == '\0') break;
  return text;
}

bool PythonMemory::is_of_type(const PythonLayout& layout, uint64_t object, std::string_view type) {
  const auto type_address = value<uint64_t>(object + layout.object_type);
  if (!type_address) return false;
  const auto [entry, is_new] = type_names_.try_emplace(*type_address);
  if (is_new) {
    const auto name_address = value<uint64_t>(*type_address + layout.type_name);
    if (name_address) entry->second = c_string(*name_address);
  }
  return entry->second == type;
}

std::optional<std::string> PythonMemory::text(const PythonLayout& layout, uint64_t object) {
  if (!is_of_type(layout, object, "str")) return std::nullopt;
  const auto length = value<int64_t>(object + layout.text_length);
  const auto state = value<uint32_t>(object + layout.text_state);
  if (!length || !state || *length < 0 || *length > kLongestText) return std::nullopt;
  const uint32_t width = *state >> kKindShift & kKindMask;
  if ((*state & kCompact) == 0 || (width != 1 && width != 2 && width != 4)) return std::nullopt;
  const bool is_ascii = (*state & kAscii) != 0;
  const uint64_t data = object + (is_ascii ? layout.ascii_text_size : layout.compact_text_size);
  std::vector<uint8_t> raw(static_cast<size_t>(*length) * width);
  if (!raw.empty() && !read(data, raw.data(), raw.size())) return std::nullopt;
  std::string result;
  for (size_t at = 0; at < raw.size(); at += width) {
    uint32_t character = 0;
    for (size_t i = width; i-- > 0;) character = character << 8 | raw[at + i];
    append_utf8(result, character);
  }
  return result;
}

std::optional<std::vector<uint8_t>> PythonMemory::bytes(const PythonLayout& layout, uint64_t object) {
  if (!is_of_type(layout, object, "bytes")) return std::nullopt;
  const auto length = value<int64_t>(object + layout.bytes_length);
  if (!length || *length < 0 || *length > kLongestBytes) return std::nullopt;
  std::vector<uint8_t> result(static_cast<size_t>(*length));
  if (!result.empty() && !read(object + layout.bytes_data, result.data(), result.size())) return std::nullopt;
  return result;
}

}  // namespace gordian::capture
