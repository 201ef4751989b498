// Around a fork: the record is shared memory, so a child sees its parent's threads as they are when it looks,
// not as they were at the fork.
//
// What the child inherits is therefore copied before: into private memory, by the thread that forks, after
// the program's own handlers (pthread_atfork) have taken their locks. From there until the child has a record
// of its own, the forking thread's hooks pass through: the child would write into the record of its parent's
// thread.
//
// Async-signal-safe, as _Fork must be. One fork at a time and thread.
#pragma once

#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

void fork_begins();
void fork_over_in_parent();
void fork_over_in_child();

// In the child: the thread records as they were at the fork; null where they could not be copied.
struct ThreadsAtFork {
  const ThreadRecord* records;
  uint32_t count;
};
ThreadsAtFork threads_at_fork();

}  // namespace gordian::hooks
