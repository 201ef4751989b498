// Traces that the tests write down as text.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/predict/deadlocks.h"
#include "analyzer/predict/std_trace_reader.h"

namespace gordian::predict {

// Gives the text in pieces of `piece` bytes.
inline ByteSource source_of(std::string_view text, size_t piece = SIZE_MAX) {
  return [text, piece, at = size_t{0}](char* to, size_t size) mutable {
    const size_t part = std::min({size, piece, text.size() - at});
    std::memcpy(to, text.data() + at, part);
    at += part;
    return part;
  };
}

inline Trace trace_of(std::string_view text) {
  return read_std_trace(source_of(text), "made.std");
}

inline std::vector<Op> operations_of(const Trace& trace) {
  std::vector<Op> operations;
  for (const Event& event : trace.events) operations.push_back(event.op);
  return operations;
}

// Events separated by blanks, `T1:acq(a)`; each is its own location.
inline Trace trace_in_short(std::string_view text) {
  std::string lines;
  size_t number = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = text.find_first_not_of(" \n", at);
    if (begin == std::string_view::npos) break;
    const size_t end = std::min(text.find_first_of(" \n", begin), text.size());
    std::string event(text.substr(begin, end - begin));
    event.replace(event.find(':'), 1, "|");
    lines += event + "|at" + std::to_string(++number) + '\n';
    at = end;
  }
  return trace_of(lines);
}

inline Prediction predict(const Trace& trace) {
  return predict_deadlocks(trace, {});
}

}  // namespace gordian::predict
