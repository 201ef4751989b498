// What a primitive says of itself, read off glibc's own fields: is it free, whom does it name as its owner,
// does anybody sleep on it. (bits/struct_mutex.h, bits/struct_rwlock.h, nptl/pthread_rwlock_common.c,
// nptl/internaltypes.h)
//
// Promises: one look, not a promise about the next moment. What a field leaves open is kUnknown and 0, never
// guessed.
#pragma once

#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

struct LockState {
  enum Word : uint8_t { kUnknown, kFree, kTaken };
  Word word = kUnknown;
  bool robust = false;          // a mutex whose next owner is told when its owner has died
  bool process_shared = false;  // a mutex that says so
  bool lends_priority = false;  // a mutex that inherits or protects priorities
  uint32_t owner = 0;           // tid, where it names one
  uint32_t readers = 0;         // of a read-write lock in its read phase
  uint32_t users = 0;           // of a mutex: its owner and those who wait on a condition with it
  uint32_t waiters = 0;         // of a semaphore or barrier: those who sleep until somebody else acts; of a
                                // condition, not 0 where somebody may
};

// Mutex, read-write lock, spin lock, semaphore, barrier, condition; nothing for others. The memory must be
// mapped.
LockState read_lock_state(ResourceKind kind, uint64_t address);

// The same where the memory may be gone: false then.
bool peek_lock_state(ResourceKind kind, uint64_t address, LockState& state);

}  // namespace gordian::hooks
