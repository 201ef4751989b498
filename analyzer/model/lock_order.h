// The lock orders that a run has shown, as plain data: what was held when what was asked for, by which
// threads, and what of one thread came before what of another.
//
// Built from a flight record by capture/, or from a trace; the lock-order graph and the verdict read nothing
// else. A value; not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/model/snapshot.h"

namespace gordian::model {

// One lock in one life: an address that is used again is another lock. A thread that is joined is a lock,
// too: it holds itself until it ends (kind kThread, the address is its serial).
struct OrderedLock {
  ResourceKey key;
  uint32_t generation = 0;
  record::Usage usage = record::Usage::kUnknown;
  int32_t units = -1;            // a semaphore's initial value; -1: not known
  bool prefers_writers = false;  // a queued writer keeps readers out
  // A thread: the lock under which it told that it needs none any more (record::ThreadOrigin), as an index in
  // LockOrder::locks; UINT32_MAX: it did not.
  uint32_t told_under = UINT32_MAX;
};

struct Witness {
  uint32_t thread_serial = 0;
  uint32_t first_segment = 0;
  uint32_t last_segment = 0;
};

// As record::OrderNode: the path to the root is what was held, innermost first.
struct OrderStep {
  uint32_t parent =
      UINT32_MAX;     // index in LockOrder::steps, always below its own; UINT32_MAX: nothing was held
  uint32_t lock = 0;  // index in LockOrder::locks
  uint64_t site = 0;
  bool shared = false;
  bool attempted = false;  // somebody was ready to block here
  bool timed = false;
  bool reacquired = false;
  bool witnesses_dropped = false;  // more threads were seen than are listed
  std::vector<Witness> witnesses;
  uint32_t record_node = UINT32_MAX;  // where its evidence is
};

// Everything that `from` did up to and including its segment comes before everything that `to` does from its
// segment on, in every schedule.
using ThreadLink = record::ThreadLink;

struct LockOrder {
  std::vector<OrderedLock> locks;
  std::vector<OrderStep> steps;
  std::vector<ThreadLink> links;
  bool links_dropped = false;  // some are missing: what is not ordered here may be ordered all the same
};

}  // namespace gordian::model
