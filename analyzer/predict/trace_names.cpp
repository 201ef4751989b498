#include "analyzer/predict/trace_names.h"

#include <algorithm>
#include <charconv>

namespace gordian::predict {
namespace {

// The line after the last colon, 0 where there is none.
uint32_t line_in(std::string_view text, size_t colon) {
  uint32_t line = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, line);
  return error == std::errc{} && stopped == end ? line : 0;
}

}  // namespace

finding::Stack TraceNames::stack(uint32_t site) {
  finding::Frame frame;
  if (site != kNone) {
    const Site& place = trace_.sites[site];
    frame.address = place.address;
    const size_t colon = place.text.rfind(':');
    const uint32_t line = colon == std::string::npos || colon == 0 ? 0 : line_in(place.text, colon);
    if (line != 0) {
      frame.file = place.text.substr(0, colon);
      frame.line = line;
    } else {
      // A bare number is the location's; it names no function.
      const bool is_number = std::ranges::all_of(place.text, [](char c) { return c >= '0' && c <= '9'; });
      frame.function = is_number && !place.text.empty() ? "location " + place.text : place.text;
    }
  }
  return {frame};
}

finding::ResourceName TraceNames::lock(uint32_t lock) {
  const LockInfo& info = trace_.locks[lock];
  return {.name = info.name, .kind = "lock", .address = info.address, .stable = info.name};
}

finding::ResourceName TraceNames::variable(uint32_t variable) {
  const VariableInfo& info = trace_.variables[variable];
  const std::string name = info.name.empty() ? "memory" : info.name;
  return {.name = name, .kind = "variable", .address = info.address, .stable = name};
}

finding::ThreadName TraceNames::thread(uint32_t thread) {
  const ThreadInfo& info = trace_.threads[thread];
  return {.name = info.name, .tid = info.tid, .pid = info.tid == 0 ? 0 : trace_.program.pid};
}

std::string TraceNames::place(uint32_t site) {
  const finding::Frame frame = stack(site).front();
  const std::string where = frame.file.empty() ? "" : frame.file + ':' + std::to_string(frame.line);
  if (frame.function.empty()) return where;
  return where.empty() ? frame.function : frame.function + " (" + where + ')';
}

}  // namespace gordian::predict
