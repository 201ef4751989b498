// Reads a trace from a file: RAPID's text format (std_trace_reader.h) or Gordian's own (trace_reader.h), told
// apart by the first bytes.
//
// Promises: the only failure is TraceError, one line that says what is wrong, in which file and where in it,
// and what to try next. A text trace is read in pieces; it may be a pipe.
#pragma once

#include <functional>
#include <stdexcept>
#include <string>

#include "analyzer/predict/trace.h"

namespace gordian::predict {

class TraceError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// Gives the next bytes, as many as it likes up to `size`; 0 at the end.
using ByteSource = std::function<size_t(char* to, size_t size)>;

Trace read_trace(const std::string& path);

// A path or a name of the trace, on one line whatever bytes it has.
std::string on_one_line(std::string_view text);

}  // namespace gordian::predict
