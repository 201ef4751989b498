// The interpreter lock: who has it, and what those who want it sleep on.
//
// Promises: a state is given only when it is settled: nobody was at work on it (its own mutex was free).
// Since 3.12 each interpreter can have a lock of its own. Source: CPython's Include/internal/pycore_gil.h and
// Python/ceval_gil.c: under `mutex`, `locked` is set first and `last_holder` after it; waiters sleep on
// `cond` for 5 ms at a time.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/capture/python_memory.h"

namespace gordian::capture {

struct PythonGil {
  uint64_t address = 0;
  uint64_t condition = 0;
  bool settled = false;
  bool locked = false;
  uint64_t holder = 0;    // its PyThreadState; of a lock that is free, the one who had it last
  uint64_t switches = 0;  // how often it went to another thread
  friend bool operator==(const PythonGil&, const PythonGil&) = default;
};

std::vector<PythonGil> python_gils(PythonMemory& memory, const PythonLayout& layout, uint64_t runtime,
                                   const std::vector<uint64_t>& interpreters);

}  // namespace gordian::capture
