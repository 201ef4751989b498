// The Python frames of a live CPython process, by native thread id.
//
// Promises: reads the interpreter's structures by version, as process/interpreter.h does; never calls into
// the process and never stops it. An unknown version, a process without CPython or a torn structure gives an
// empty result and a reason. Source: the layouts in CPython's own headers (Include/internal/pycore_frame.h,
// pycore_interp.h, cpython/code.h).
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "analyzer/finding/finding.h"

namespace gordian::capture {

struct PythonFrames {
  std::map<uint32_t, finding::Stack> by_tid;  // innermost frame first; Frame::language is "python"
  std::string reason;                         // why there are none, when there are none
};

PythonFrames read_python_frames(uint32_t pid);

}  // namespace gordian::capture
