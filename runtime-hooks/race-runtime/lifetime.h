// Locks, conditions, semaphores and barriers as memory: who uses one must come after its initialisation and
// before its end.
//
// A use is an atomic read of the first byte. Uses of locks are not written down, since there are so many: of
// them the last that gave the lock back is known (sync.h), and the others come before it or race, too.
#pragma once

#include "runtime-hooks/race-runtime/access.h"

namespace gordian::hooks::races {

void use(uint64_t address, uint64_t pc);
void begin_life(uint64_t address, uint64_t pc);
// Of what lies in that range: before the real call.
void end_life(uint64_t address, uint64_t size, uint64_t pc);
void end_uses(uint64_t address, uint64_t size, uint64_t pc, Manner manner);

void use_lock_slowly(uint64_t address, uint64_t pc);
// Before what is known at the lock is taken over.
[[gnu::always_inline]] inline void use_lock(uint64_t address, uint64_t pc) {
  const Entry* cell = cell_of(address);
  if ((load(cell) | load(cell + 1)) != 0) [[unlikely]]
    use_lock_slowly(address, pc);
}

}  // namespace gordian::hooks::races
