// The state of one process at one moment, or of several that depend on each other, as plain data: who holds
// what and who waits for what.
//
// Built from a flight record by the judge inside the watched process and by capture/ outside of it, or by
// capture/process/ from a process or core that nobody watched; the verdict reads nothing else. It knows
// nothing of where it came from. Not thread-safe; a value.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/record/flight_record.h"

namespace gordian::model {

using record::Link;
using record::ResourceKind;

// Index into Snapshot::threads. A type of its own, so that it is never mixed up with a tid or a slot.
struct ThreadIndex {
  uint32_t value = UINT32_MAX;
  bool valid() const { return value != UINT32_MAX; }
  friend bool operator==(ThreadIndex, ThreadIndex) = default;
  friend auto operator<=>(ThreadIndex, ThreadIndex) = default;
};

// What makes a resource the same one: its kind and its address (the serial of the thread, for a join).
struct ResourceKey {
  ResourceKind kind = ResourceKind::kNone;
  uint64_t address = 0;
  friend bool operator==(const ResourceKey&, const ResourceKey&) = default;
  friend auto operator<=>(const ResourceKey&, const ResourceKey&) = default;
};

struct Hold {
  ResourceKey resource;
  bool shared = false;
  uint64_t site = 0;           // return address of the acquiring call
  uint64_t stack_pointer = 0;  // canonical frame address of that call
  uint32_t depth = 0;          // place in the thread's stack of entries, 0 first
  bool observed = false;  // rests on what was found on its stack or in its history, not on an owner's name
};

struct Wait {
  ResourceKey resource;
  bool shared = false;
  bool timed = false;           // ends by itself
  bool process_shared = false;  // another process may end it
  bool doubtful = false;        // somebody who is not seen may end it, a signal handler for example
  bool reacquiring =
      false;  // a condition wait that has been woken and waits for its mutex: `resource` is that mutex
  uint64_t second = 0;  // a condition's mutex
  uint64_t since_ns = 0;
  uint64_t signals_before = 0;  // how often the resource had been signalled when the wait began
  uint64_t site = 0;
};

struct Thread {
  uint32_t process = 0;  // which of the processes that were looked at
  uint32_t slot = 0;
  uint32_t serial = 0;
  uint32_t tid = 0;
  uint32_t tid_before_fork = 0;
  record::ThreadState state = record::ThreadState::kLive;
  uint64_t progress = 0;  // to tell whether it moved since
  bool sleeps =
      false;  // in a call that is no wait for a resource: others may end it, so it counts as running
  bool waiting = false;
  Wait wait;
  std::vector<Hold> holds;  // in the order of acquisition

  bool live() const { return state == record::ThreadState::kLive || state == record::ThreadState::kStarting; }
};

struct Resource {
  ResourceKey key;
  record::Usage usage = record::Usage::kUnknown;
  bool ended = false;
  bool process_shared = false;
  bool many_signallers = false;
  bool released_by_other = false;
  bool holders_unknown = false;  // it is taken, and does not say by whom
  int32_t initial_value = -1;
  uint32_t signals = 0;
  uint32_t wakes = 0;
  std::vector<uint32_t> signallers;  // serials
};

// What could still wake a thread although no thread of the snapshot can.
struct Outside {
  uint32_t unknown_threads = 0;
  uint32_t signal_handlers = 0;
};

struct Snapshot {
  std::vector<Thread> threads;
  std::vector<Resource> resources;  // sorted by key; only those that somebody waits for or holds
  Outside outside;
  std::vector<uint32_t>
      wakeable;                // of several processes, those in which a signal handler could wake a thread
  bool owners_change = false;  // this process has released locks that the releasing thread did not hold
  uint64_t now_ns = 0;
};

}  // namespace gordian::model
