// The four conditions of Coffman, Elphick and Shoshani (System Deadlocks, Computing Surveys 3(2), 1971), as
// four named predicates over a snapshot and the members of a suspected cycle or knot.
//
// Promises: no allocation, no lock, no throw: the watched process runs this too. Each answer names the member
// on which it rests, so that a sentence of evidence can be written from it. It does not find cycles
// (deadlock.h does) and grades nothing.
#pragma once

#include <cstdint>
#include <span>

#include "analyzer/model/snapshot.h"

namespace gordian::verdict {

// One thread of a cycle or knot, and on whom it depends.
struct Member {
  model::ThreadIndex thread;
  model::ThreadIndex holder;  // invalid when nobody in particular
  model::Link link = model::Link::kNone;
};

enum class Reason : uint8_t {
  kAllExclusive,        // every resource waited for admits no other use while it is held
  kWriterAmongReaders,  // a shared lock, and every wait on it conflicts with a hold
  kExclusiveAndEvents,  // locks among the waits are exclusive; `thread` waits for an event, which a lock
                        // keeps the others from
  kOtherEnd,            // `thread` waits at one end of something, and nobody outside has the other
  kNotExclusive,        // `thread` waits for something that others do not exclude it from
  kEachHoldsAndWaits,   // every member holds something that another member waits for
  kHoldsOnlyItself,     // `thread` holds nothing but its own termination, which another member waits for
  kHoldsNothing,  // `thread` holds nothing that a member waits for; it can only be the one that would signal
  kNoTimeout,     // no member's wait ends by itself
  kTimedWait,     // `thread`'s wait is timed and will end by itself
  kCycle,         // the waits close a cycle
  kKnot,          // no member can be released but by another member
  kOwnerGone,     // `thread` waits for an owner that no longer runs
  kNoCycle,
};

struct Condition {
  bool holds = false;
  Reason reason = Reason::kNoCycle;
  model::ThreadIndex thread;  // the member that shows it, when there is one
};

struct Conditions {
  Condition mutual_exclusion;
  Condition hold_and_wait;
  Condition no_preemption;
  Condition circular_wait;
};

Condition mutual_exclusion(const model::Snapshot& snapshot, std::span<const Member> members);
Condition hold_and_wait(const model::Snapshot& snapshot, std::span<const Member> members);
Condition no_preemption(const model::Snapshot& snapshot, std::span<const Member> members);
Condition circular_wait(const model::Snapshot& snapshot, std::span<const Member> members);
Conditions check_conditions(const model::Snapshot& snapshot, std::span<const Member> members);

}  // namespace gordian::verdict
