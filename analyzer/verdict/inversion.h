// Which cycles of the lock-order graph could deadlock in another schedule, as far as the run has shown.
//
// For each cycle, one context and one thread is looked for on every edge, so that nothing that was observed
// keeps these threads from being there together. If there is such a choice the cycle is `possible`. If each
// choice is ruled out it is `unlikely`, with what rules it out. A search that is given up half-way has not
// shown that the cycle is possible: it stays `unlikely`, and says that it is undecided.
//
// Promises: pure function of the lock orders; bounded; a cycle is told once, whatever the lives of its locks.
// Of those that are ruled out only the least are told: a cycle is left out when some of its locks alone make
// one. The watched process can run it: no exceptions, no recursion.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/model/lock_order_graph.h"
#include "analyzer/verdict/held_sets.h"

namespace gordian::verdict {

enum class RuledOut : uint8_t {
  kSingleThread,     // `thread` is the only one that goes two of these ways, and cannot block itself
  kGuard,            // `lock` is held on two of these ways, so that no two threads are there together
  kThreadOrder,      // `thread` has passed before `other_thread` comes there: creation and join order them
  kSharedRead,       // `lock` is held and asked for by readers, who do not keep each other out
  kTimedAttempt,     // the attempt at `lock` ends by itself
  kRecycledAddress,  // `lock` shares its address with a later lock, and only both together close the cycle
  kSeveralUnits,     // `lock` is a semaphore of several units: one that is taken leaves others
  kTooFewUnits,      // all of these ways are gone with a unit of `lock`, which has not as many
  kToldItsEnd,       // `thread` is joined under `lock`, under which it told others last that it was done
};

struct Obstacle {
  RuledOut by = RuledOut::kSingleThread;
  uint32_t lock = kNoLock;  // index in LockOrder::locks
  uint32_t thread = 0;      // serials; 0: a thread that is not listed
  uint32_t other_thread = 0;
};

// One thread's part: it holds `held`, and asks for `asked`, which the next edge holds.
struct InversionEdge {
  uint32_t held = kNoLock;  // indices in LockOrder::locks
  uint32_t asked = kNoLock;
  uint32_t step = model::kNoStep;  // where it asks
  uint32_t ancestor =
      model::kNoStep;          // where it took `held`; kNoStep: `held` is the thread, which others join
  uint32_t thread_serial = 0;  // 0: one of those that are not listed
  uint32_t contexts = 0;       // in how many ways the edge was seen
};

struct Inversion {
  std::vector<InversionEdge> edges;
  record::Grade grade = record::Grade::kNone;
  std::vector<Obstacle> obstacles;  // of an unlikely one: each choice of threads falls under one of these
  bool undecided = false;  // not every choice was tried; those that were are ruled out by `obstacles`
  uint32_t instances = 1;  // the same addresses in so many lives
};

struct InversionLimits {
  model::CycleLimits cycles;
  model::OrderLimits graph;
  uint64_t tries_per_cycle = 1'000'000;  // pairs of choices compared
  uint64_t tries = 20'000'000;
};

struct Inversions {
  std::vector<Inversion> all;  // possible ones first, then by length
  // What was not looked at; 0 means that nothing was left out.
  uint64_t contexts_left_out = 0;
  uint64_t edges_uncovered = 0;  // on some cycle, and on none that was looked at
  bool every_cycle = true;       // false: of the longer cycles over the same edges, not all were looked at
};

Inversions find_inversions(const model::LockOrder& order, const InversionLimits& limits = {});

}  // namespace gordian::verdict
