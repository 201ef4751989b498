// priority-inversion: a real-time thread waits for a mutex that a thread of lower priority holds, and the
// mutex does not lend it the priority that it needs to get on.
//
// Promises: told while it happens, on the mutex's own word for who holds it and the kernel's for who is
// ranked how. A thread that is stuck for good is told of by its deadlock alone. Once for each pair of places.
#pragma once

#include "analyzer/model/snapshot.h"

namespace gordian::hooks {

// Looks at the waits of the snapshot. By the judge, under its lock.
void tell_inversions(const model::Snapshot& snapshot);

}  // namespace gordian::hooks
