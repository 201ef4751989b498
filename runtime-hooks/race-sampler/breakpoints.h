// Hardware breakpoints on this process's own threads, by perf_event_open: on an instruction, or on data.
//
// A thread that meets one gets a SIGTRAP with TRAP_PERF, synchronously: before it executes the instruction,
// or after it accessed the data. Threads created later are covered, other processes and what exec makes of
// this one never are.
//
// Refused (EOPNOTSUPP) before Linux 5.18, where a blocked SIGTRAP would be fatal.
//
// Promises: for one thread, whose descriptors are its own (the program never sees them). Errors are -errno.
// Source: perf_event_open(2).
#pragma once

#include <cstdint>

namespace gordian::hooks::races {

enum class BreakOn : uint8_t { kExecution, kWrite, kAccess };

class Breakpoints {
 public:
  static constexpr uint32_t kMostSlots = 3;  // of the four that there are: one is left to a debugger
  static constexpr uint32_t kMostThreads = 32;

  // For every thread of the process but the calling one and `except`. 0 when at least one slot is there. Even
  // unused they cost each change of threads on a processor half a microsecond, so that a long rest is worth
  // `close`.
  long open(uint32_t except);
  bool are_open() const { return slots_ != 0; }
  uint32_t slots() const { return slots_; }

  // `tag` comes back with the trap. An instruction's length is ignored.
  long set(uint32_t slot, BreakOn what, uint64_t address, uint32_t length, uint64_t tag);
  void clear(uint32_t slot);
  void close();

 private:
  long open_for(uint32_t tid);

  bool has(uint32_t tid) const;

  uint32_t tids_[kMostThreads] = {};
  int descriptors_[kMostThreads][kMostSlots] = {};
  uint32_t threads_ = 0;
  uint32_t slots_ = 0;
};

}  // namespace gordian::hooks::races
