// Steering: in a run of `gordian confirm`, each thread of a suspected cycle is held just before it asks for
// the lock that closes it, until all of them stand there. Then they go on, and if the cycle is real, the
// deadlock happens.
//
// Promises: without a plan nothing is done and nothing is asked for but one flag. With one, every attempt is
// looked at. A held thread waits in no lock of the program; it goes on when the others have come, when its
// patience is at an end, or when no other thread can move. What it does then is what the program says:
// nothing but the time has changed.
#pragma once

#include "runtime-hooks/runtime.h"
#include "runtime-hooks/site.h"

namespace gordian::hooks {

[[gnu::visibility("hidden")]] extern constinit bool steering;

// The plan in that directory; false when it cannot be had.
bool read_plan(const char* directory);

// The calling thread is about to ask for it, and may wait here.
void steer(const ThreadRecord* self, uint64_t address, ResourceKind kind, const Site& site);

}  // namespace gordian::hooks
