// What is remembered of addresses: who was there last, and under which locks.
//
// Promises: lock-free and bounded; any thread, signal handlers too. An entry that somebody else is writing is
// passed over: the answer is then no. What is remembered of memory that was freed since may be out of date:
// the answer is a reason to look, never evidence.
#pragma once

#include <cstdint>

#include "runtime-hooks/race-sampler/trap.h"

namespace gordian::hooks::races {

// Whether the locks that the two hold keep them apart.
bool share_lock(const uint64_t* one, uint32_t one_count, const uint64_t* other, uint32_t other_count);

// Remembers the access, and says what it has in common with the one before.
Sharing note_access(uint64_t address, uint32_t serial, bool writes, const uint64_t* locks,
                    uint32_t lock_count);

}  // namespace gordian::hooks::races
