#include "analyzer/capture/python_exceptions.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace gordian::capture {
namespace {

constexpr uint8_t kEntryStarts = 0x80;
constexpr uint8_t kContinues = 0x40;
constexpr uint8_t kPayload = 0x3f;
constexpr uint64_t kLargest = std::numeric_limits<int32_t>::max();

// False when the table ends too early, or the number is none that a table has.
bool read_number(const std::vector<uint8_t>& table, size_t& at, uint64_t& value) {
  value = 0;
  for (bool goes_on = true; goes_on; ++at) {
    if (at >= table.size() || value > kLargest) return false;
    value = value << 6 | (table[at] & kPayload);
    goes_on = (table[at] & kContinues) != 0;
  }
  return value <= kLargest;
}

}  // namespace

std::vector<PythonHandler> python_handlers(const std::vector<uint8_t>& table) {
  std::vector<PythonHandler> handlers;
  for (size_t at = 0; at < table.size();) {
    if ((table[at] & kEntryStarts) == 0) break;
    std::array<uint64_t, 4> numbers{};
    for (uint64_t& number : numbers)
      if (!read_number(table, at, number)) return handlers;
    const auto [start, length, target, depth_and_lasti] = numbers;
    handlers.push_back({start, start + length, target, static_cast<uint32_t>(depth_and_lasti >> 1)});
  }
  return handlers;
}

const PythonHandler* handler_at(const std::vector<PythonHandler>& handlers, int64_t instruction) {
  if (instruction < 0) return nullptr;
  const auto at = static_cast<uint64_t>(instruction);
  const auto found = std::find_if(handlers.begin(), handlers.end(), [&](const PythonHandler& handler) {
    return handler.start <= at && at < handler.end;
  });
  return found == handlers.end() ? nullptr : &*found;
}

int64_t entered_at(const std::vector<PythonHandler>& handlers, int64_t instruction, uint32_t depth) {
  const PythonHandler* nearest = nullptr;
  for (const PythonHandler& handler : handlers) {
    if (static_cast<int64_t>(handler.start) > instruction) break;
    if (handler.depth == depth) nearest = &handler;
  }
  if (nearest == nullptr) return -1;
  const auto first = std::find_if(handlers.begin(), handlers.end(), [&](const PythonHandler& handler) {
    return handler.depth == depth && handler.target == nearest->target;
  });
  return static_cast<int64_t>(first->start) - 1;
}

}  // namespace gordian::capture
