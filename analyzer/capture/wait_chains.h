// Who waits for whom, as lines that can be read: a thread, what it waits for, who has that, what he waits
// for.
//
// Promises: pure, and each queue of waiters is told once: a chain that comes to one that was told ends there.
// Circles come first, then the chains with the longest waits. A circle is what the snapshot shows; whether it
// is a deadlock the judges say. Where several hold a lock, the chain follows one that waits itself.
#pragma once

#include <vector>

#include "analyzer/model/snapshot.h"

namespace gordian::capture {

struct WaitLink {
  model::ThreadIndex thread;  // that is told of: of the first link the one that waits longest
  uint32_t others = 0;        // that wait for the same
  model::ThreadIndex holder;  // invalid when nobody is known to have it
  uint32_t other_holders = 0;
};

enum class ChainEnd { kHolder, kNobody, kCircle, kToldAbove };

struct WaitChain {
  std::vector<WaitLink> links;  // each thread but the first is the holder of the link before
  ChainEnd end = ChainEnd::kHolder;
};

// Of threads that wait for what somebody has.
std::vector<WaitChain> wait_chains(const model::Snapshot& snapshot);

// The waits that are not over: one for each thread that waits for what somebody has, one for all that wait
// for the same thing that nobody has. Longest first; one whose beginning is not known comes last.
std::vector<WaitLink> longest_waits(const model::Snapshot& snapshot);

}  // namespace gordian::capture
