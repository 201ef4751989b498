// Which of Python's locks a thread has: from its `with` statements, and from what an RLock says of itself.
//
// Promises: a `with` counts while its block runs: the lock's `__exit__` lies in a slot of the evaluation
// stack that is in use for certain (python_exceptions.h), and the lock is taken. Slots that may be left over
// are not looked at, but for an RLock that is waited for, which names its owner and is checked against that
// wait. A Lock that was taken by acquire() has no known holder. Source: CPython's Modules/_threadmodule.c,
// Python/thread_pthread.h: a lock is a semaphore with one unit.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "analyzer/capture/python_process.h"
#include "analyzer/capture/python_stack.h"

namespace gordian::capture {

struct PythonLock {
  uint64_t semaphore = 0;
  bool recursive = false;
  bool taken = false;
  uint64_t owner = 0;  // of an RLock: pthread_self() of the thread that has it, else 0
};

// Nothing when the object is no lock.
std::optional<PythonLock> python_lock(PythonMemory& memory, const PythonLayout& layout, uint64_t object);

struct PythonHold {
  uint32_t own_tid = 0;
  PythonLock lock;
  finding::Stack acquired_at;  // from the `with` on; empty where only the RLock tells
};

// Of one thread, outermost first.
std::vector<PythonHold> python_with_locks(PythonMemory& memory, const PythonLayout& layout,
                                          const PythonThread& thread, const std::vector<PythonFrame>& frames);

// The RLock that the innermost frame waits for, by the semaphore that its thread sleeps on.
std::optional<PythonLock> awaited_rlock(PythonMemory& memory, const PythonLayout& layout,
                                        const PythonFrame& innermost, uint64_t semaphore);

}  // namespace gordian::capture
