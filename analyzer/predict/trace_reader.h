// Reads a trace that Gordian recorded (analyzer/record/trace_format.h).
//
// Promises: every offset, count and kind is checked before it is used; the only failure is TraceError.
// Recorded programs do wrong things and recorders are stopped half-way: an event that contradicts the ones
// before it and a slot that was never filled are passed over and counted in Trace::gaps. Memory is followed
// in parts of words of 8 bytes, as large as the accesses leave them whole.
#pragma once

#include <string>

#include "analyzer/predict/trace_file.h"

namespace gordian::predict {

Trace read_own_trace(const ByteSource& source, const std::string& path);

}  // namespace gordian::predict
