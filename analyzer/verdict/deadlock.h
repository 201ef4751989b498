// Which threads of a snapshot can never run again, why, and how sure that is.
//
// Promises: pure function of the snapshot; every claim rests on a link named in the verdict; a verdict is
// told once per cycle, rotated so that the member with the smallest serial comes first. Timed waits end by
// themselves: a cycle through one fails no preemption and is not told.
#pragma once

#include <vector>

#include "analyzer/verdict/coffman.h"

namespace gordian::verdict {

struct Verdict {
  record::Rule rule = record::Rule::kNone;
  record::Grade grade = record::Grade::kNone;
  std::vector<Member> members;
  uint32_t behind = 0;        // threads that wait for a member without being one
  uint64_t closed_at_ns = 0;  // when the youngest wait among the members began
};

std::vector<Verdict> find_deadlocks(const model::Snapshot& snapshot);

}  // namespace gordian::verdict
