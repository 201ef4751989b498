// Finding the interpreter in a process: which file it came from, where its runtime state is, which version it
// is, and which threads it knows.
//
// Promises: reads the process's memory and the files that it has mapped, where the image says that they can
// be opened: containers and cores work. Threads carry the ids that the process itself sees. Source: CPython's
// Include/internal/pycore_runtime.h, pycore_interp.h, cpython/pystate.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/capture/python_memory.h"

namespace gordian::capture {

struct PythonRuntime {
  uint64_t address = 0;  // of _PyRuntime
  uint32_t version = 0;  // PY_VERSION_HEX
};

struct PythonSearch {
  std::optional<PythonRuntime> runtime;
  std::string problem;  // there is a CPython that cannot be read, and why; empty when there is none
};

PythonSearch find_python_runtime(const ProcessImage& process, PythonMemory& memory);

// The addresses of all PyInterpreterState.
std::vector<uint64_t> python_interpreters(PythonMemory& memory, const PythonLayout& layout, uint64_t runtime);

struct PythonThread {
  uint64_t state = 0;       // address of its PyThreadState
  uint64_t identifier = 0;  // pthread_self()
  uint32_t own_tid = 0;     // 0: no thread of the process; torn, or not attached to a thread any more
};

std::vector<PythonThread> python_threads(const ProcessImage& process, PythonMemory& memory,
                                         const PythonLayout& layout,
                                         const std::vector<uint64_t>& interpreters);

}  // namespace gordian::capture
