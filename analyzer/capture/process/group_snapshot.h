// The studies of one or more processes as one snapshot for the verdict, and what its resources are called.
//
// Promises: addresses of different processes are kept apart, and a primitive in shared memory or in the
// kernel is one resource for all. An owner is believed where the primitive names it; what rests on less is
// marked (model::Hold::observed, model::Wait::doubtful). What could not be seen is told.
#pragma once

#include <map>
#include <memory>
#include <vector>

#include "analyzer/capture/process/study.h"
#include "analyzer/finding/finding.h"
#include "analyzer/model/snapshot.h"

namespace gordian::capture {

using Studies = std::vector<std::unique_ptr<ProcessStudy>>;

// Where the thread of a snapshot comes from; `thread` is SIZE_MAX for an owner that has ended.
struct Origin {
  size_t process = 0;
  size_t thread = SIZE_MAX;
};

struct GroupSnapshot {
  model::Snapshot snapshot;
  std::vector<Origin> origins;  // one for each thread of the snapshot
  std::map<model::ResourceKey, finding::ResourceName> kernel_names;
  std::vector<finding::Unseen> unseen;

  // Address and process of a resource that lies in memory.
  std::map<model::ResourceKey, std::pair<size_t, uint64_t>> places;
};

GroupSnapshot group_snapshot(const Studies& studies);

}  // namespace gordian::capture
