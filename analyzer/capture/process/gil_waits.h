// Who waits for CPython's interpreter lock, and for whom. A thread that does sleeps 5 ms at a time, over and
// over, so that it never counts as steady.
//
// Promises: of a live process, threads are told that were seen asleep on the lock's condition after the first
// look and before the second, while the lock stayed in the same hands. When its holder slept all the while,
// which the second look tells, then the lock was never free and they still wait. A core is looked at once.
// The looks are bounded; a waiter that was awake in each of them counts as one that runs. Source: CPython's
// Python/ceval_gil.c, take_gil.
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "analyzer/capture/process/c_library.h"
#include "analyzer/capture/process/interpreter.h"
#include "analyzer/capture/process/process_image.h"

namespace gordian::capture {

struct HeldGil {
  uint64_t address = 0;
  uint32_t holder = 0;         // own_tid
  std::set<uint32_t> waiters;  // own_tid
};

std::vector<HeldGil> held_gils(Interpreter& interpreter, const ProcessImage& process,
                               const CLibrary& library);

// Whether the call is a wait on that condition, and for a limited time.
bool naps_on(const SystemCall& call, uint64_t condition, const CLibrary& library);

}  // namespace gordian::capture
