// The sync-preserving closure: the smallest set of events that contains some given ones and can run by
// itself, in the order of the trace.
//
// The set is a prefix of each thread. It is closed under Dependencies, and where it has two acquisitions of
// one lock that exclude each other, it has the release of the earlier one (in the order of the trace). Its
// events in the order of the trace are then a correct reordering: every read sees the write it saw, every
// lock is free when it is taken, every wake has the history it had.
//
// Promises: `include` only ever grows the set, and each event's needs are followed once however often it is
// called, so that a sequence of growing sets costs no more than the trace has events. `reset` costs what the
// set touched. Deadlocks and races are both asked of it: they differ in what is included. Not thread-safe.
// Source: Mathur, Pavlogiannis, Viswanathan, POPL 2021; Tunc, Mathur, Pavlogiannis, Viswanathan, PLDI 2023.
#pragma once

#include <cstdint>
#include <functional>
#include <queue>
#include <vector>

#include "analyzer/predict/dependencies.h"

namespace gordian::predict {

class Closure {
 public:
  explicit Closure(const Dependencies& dependencies);

  // The first `count` events of the thread, and all that they need.
  void include(uint32_t thread, uint32_t count);
  // All that is needed for the event at that position to be the thread's next one.
  void bring(uint32_t thread, uint32_t position);
  // How many of the thread's events are in the set.
  uint32_t count_of(uint32_t thread) const { return counts_[thread]; }
  // The set has an acquisition whose release it needs and the trace has not: nothing larger can run either.
  bool is_impossible() const { return impossible_; }
  // Needs followed since the closure was made: its work.
  uint64_t steps() const { return steps_; }

  void reset();

 private:
  struct Lock {
    // Number + 1 of the last acquisition in the set, of any mode and of exclusive ones; 0: none.
    uint32_t last = 0;
    uint32_t last_exclusive = 0;
    uint32_t open_exclusive = kNone;  // the one whose release the set does not need yet
    std::priority_queue<uint32_t, std::vector<uint32_t>, std::greater<>> open_shared;
  };

  void want(uint32_t thread, uint32_t count);
  void follow(uint32_t thread);
  void acquire(uint32_t number);
  void close(uint32_t number);
  void follow_history(uint32_t resource, uint32_t count);

  const Dependencies& dependencies_;
  std::vector<uint32_t> counts_;    // by thread
  std::vector<uint32_t> followed_;  // by thread: needs followed
  std::vector<uint32_t> work_;      // threads whose count grew
  std::vector<bool> is_waiting_;    // by thread: it is in work_
  std::vector<Lock> locks_;
  std::vector<uint32_t> history_;  // by resource: how much of it is in the set
  std::vector<uint32_t> touched_threads_, touched_locks_, touched_resources_;
  bool impossible_ = false;
  uint64_t steps_ = 0;
};

}  // namespace gordian::predict
