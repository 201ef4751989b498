// The wait-for graph of a snapshot: an edge from each waiting thread to each thread that could end its wait.
//
// A wait is satisfied by *all* of its blockers (a writer needs every reader gone), by *any* of them (a
// semaphore's holders), or by *anyone* (a condition, a barrier, a raw futex: whoever comes and signals). That
// makes it an AND-OR graph, and deadlock in it what reduction leaves: R. C. Holt, Some Deadlock Properties of
// Computer Systems, Computing Surveys 4(3), 1972.
//
// Promises: built once, then constant; edges keep the snapshot's order, so that equal snapshots give equal
// answers. Threads that have ended are vertices too: they can be waited for and never act. Does not judge:
// grades and rules are the verdict's.
#pragma once

#include <boost/graph/adjacency_list.hpp>
#include <vector>

#include "analyzer/model/snapshot.h"

namespace gordian::model {

enum class Need : uint8_t {
  kNothing,  // the thread runs, or its wait ends by itself
  kAll,      // every blocker has to give way
  kAny,      // one of them is enough
  kAnyone,   // no blocker in particular: any thread that runs may do it
};

struct Blocks {
  Link link = Link::kNone;
};

using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS, boost::no_property, Blocks>;

class WaitForGraph {
 public:
  explicit WaitForGraph(const Snapshot& snapshot);

  const Snapshot& snapshot() const { return *snapshot_; }
  const Graph& graph() const { return graph_; }
  Need need(ThreadIndex thread) const { return needs_[thread.value]; }
  const Resource* resource_of(
      ThreadIndex thread) const;  // what it waits for; null when the snapshot does not know it

  // What reduction leaves: threads that can never act again. With `signallers_only`, a wait that anyone could
  // end is held to those who have been seen to signal it; what that adds rests on observed use.
  std::vector<bool> stuck(bool signallers_only) const;

  // The threads seen to signal what `thread` waits for that are still alive.
  std::vector<ThreadIndex> live_signallers(ThreadIndex thread) const;

 private:
  void add_blockers(ThreadIndex waiter);
  void add_holders(ThreadIndex waiter, bool exclusive_only, Link link);
  void add_queued_writers(ThreadIndex waiter);
  void add_semaphore_holders(ThreadIndex waiter);
  void connect(ThreadIndex from, ThreadIndex to, Link link);
  bool can_proceed(ThreadIndex thread, const std::vector<bool>& acts, bool anyone_acts,
                   bool signallers_only) const;

  const Snapshot* snapshot_;
  Graph graph_;
  std::vector<Need> needs_;
};

// The resource of that key; null when there is none.
const Resource* find_resource(const Snapshot& snapshot, const ResourceKey& key);

}  // namespace gordian::model
