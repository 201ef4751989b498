// What a lock of this process says of itself (model/lock_words.h).
//
// Promises: one look, not a promise about the next moment.
#pragma once

#include "analyzer/model/lock_words.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

using model::LockState;

// Mutex, read-write lock, spin lock, semaphore, barrier, condition; nothing for others. The memory must be
// mapped.
LockState read_lock_state(ResourceKind kind, uint64_t address);

// The same where the memory may be gone: false then.
bool peek_lock_state(ResourceKind kind, uint64_t address, LockState& state);

}  // namespace gordian::hooks
