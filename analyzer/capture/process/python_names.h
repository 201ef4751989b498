// What Python's locks are called, and where they were taken, in a snapshot of processes.
//
// Promises: a lock that a `with` took is named by that line, others by where a thread waits for them. Locks
// that are no Python locks, and threads of other processes, get nothing.
#pragma once

#include <map>

#include "analyzer/capture/lock_names.h"
#include "analyzer/capture/process/group_snapshot.h"
#include "analyzer/capture/scene.h"

namespace gordian::capture {

// Where the thread at `index` entered its `with`; empty when it is not known.
finding::Stack python_acquisition(const GroupSnapshot& group, const Studies& studies, size_t index,
                                  const model::ResourceKey& resource);

std::map<LockLife, finding::ResourceName> python_lock_names(const GroupSnapshot& group,
                                                            const Studies& studies);

}  // namespace gordian::capture
