// Reads a trace in RAPID's STD format: one event a line, `thread|operation(operand)|location`.
//
// Operations: acq, rel, req (ready to block for the lock), r, w, fork, join, begin, end, wait, notify,
// notifyAll. A `wait(l)` of a thread that holds l gives l up; the thread goes on when it next takes l, or at
// its next event, whichever comes first. docs/formats/trace.md has the whole of it.
//
// Promises: reads in pieces. A line that cannot be understood, and an event that contradicts the ones before
// it, is a TraceError with file and line number.
#pragma once

#include <string>

#include "analyzer/predict/trace_file.h"

namespace gordian::predict {

Trace read_std_trace(const ByteSource& source, const std::string& path);

}  // namespace gordian::predict
