// Finding the interpreter in a process: which file it came from, where its runtime state is, which version it
// is.
//
// Promises: reads /proc and files only, apart from the version, which is read from the process. Works in
// containers: files are opened through /proc/PID/root. Source: proc(5).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "analyzer/capture/python_memory.h"

namespace gordian::capture {

struct PythonRuntime {
  uint64_t address = 0;  // of _PyRuntime
  uint32_t version = 0;  // PY_VERSION_HEX
};

// Without a runtime `*reason` says why.
std::optional<PythonRuntime> find_python_runtime(uint32_t pid, PythonMemory& memory, std::string* reason);

// The process's threads: from the id that the process itself sees to the id that we see. They differ when it
// runs in another pid namespace.
std::map<uint64_t, uint32_t> native_threads(uint32_t pid);

}  // namespace gordian::capture
