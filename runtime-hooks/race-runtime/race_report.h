// A race is told: once per pair of instructions, in the flight record, to the launcher or on stderr.
#pragma once

#include "runtime-hooks/race-runtime/thread.h"

namespace gordian::hooks::races {

// `earlier` is what the calling thread found at `word`, whose access `key` it is about to make.
void tell_race(RaceThread& self, uint64_t word, Entry earlier, Entry key, uint64_t pc, Manner manner);
void races_after_fork();

}  // namespace gordian::hooks::races
