// What must have happened before what, in every reordering that a trace vouches for.
//
// An event needs
//   * the events of its own thread before it;
//   * a read: the write that it read from; a thread's first event: its creation; a join: all of the other's
//     events so far;
//   * an attempt that failed: the acquisitions that stood in its way;
//   * a wake: all that was done to the same resource so far (waits, wakes, notifications). Which of several
//     notifications woke it is not recorded: with the same history as before, each of them does what it did.
// A wake by time needs nobody. A lock's release orders nothing by itself: that two critical sections keep
// their order only when both are in the reordering is the closure's part (closure.h).
//
// Promises: computed once for a trace, in one pass; a value that does not change afterwards. `Need`s are kept
// for the few events that need something of another thread, by thread and in program order.
// Source: Mathur, Pavlogiannis, Viswanathan, Optimal Prediction of Synchronization-Preserving Races, POPL
// 2021.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "analyzer/predict/trace.h"

namespace gordian::predict {

// A point in a thread: its first `count` events.
struct Prefix {
  uint32_t thread = 0;
  uint32_t count = 0;
};

struct Acquisition {
  uint32_t thread = 0;
  uint32_t position = 0;     // of the acquisition in its thread
  uint32_t release = kNone;  // position of its release; kNone: it was never released
  uint32_t lock = 0;
  bool shared = false;
};

struct Need {
  enum class Kind : uint32_t { kPrefix, kLock, kHistory };
  uint32_t position;  // of the event that has the need
  Kind kind;
  uint32_t a;  // kPrefix: thread; kLock: index in acquisitions(); kHistory: resource
  uint32_t b;  // kPrefix, kHistory: count
};

class Dependencies {
 public:
  explicit Dependencies(const Trace& trace);

  uint32_t thread_count() const { return static_cast<uint32_t>(needs_.size()); }
  uint32_t lock_count() const { return lock_count_; }
  uint32_t resource_count() const { return static_cast<uint32_t>(histories_.size()); }
  std::span<const Need> needs_of(uint32_t thread) const { return needs_[thread]; }
  // What has to have happened for the event at that position to be the thread's next one, besides what the
  // thread did before: that it was created. Thread kNone: nothing.
  Prefix creation_for(uint32_t thread, uint32_t position) const;
  // In the order of the trace.
  const std::vector<Acquisition>& acquisitions() const { return acquisitions_; }
  // All that was done to a resource, in the order of the trace.
  std::span<const Prefix> history_of(uint32_t resource) const { return histories_[resource]; }

 private:
  // What a thread is known to need of some others already: it saves most of the repeated needs.
  static constexpr size_t kRemembered = 8;
  struct Building;

  void add(Building& building, const Event& event);
  void need_prefix(Building& building, uint32_t thread, Prefix prefix);
  void acquire(Building& building, const Event& event);
  void release(Building& building, const Event& event);

  struct Creation {
    uint32_t thread;
    uint32_t position;  // of the first event after it
    Prefix by;
  };

  uint32_t lock_count_;
  std::vector<Creation> creations_;  // by thread, in program order
  std::vector<std::vector<Need>> needs_;
  std::vector<Acquisition> acquisitions_;
  std::vector<std::vector<Prefix>> histories_;
};

}  // namespace gordian::predict
