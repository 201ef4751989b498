// Which locks are fought over, from samples of one process taken again and again.
//
// Promises: pure; samples in, figures out. What a sample can tell it tells without bias: a thread that waits
// in a sample, or a lock that is held in it, counts for the time since the sample before. So times are right
// on average however short the waits are, while single waits that begin and end between two samples are only
// counted as missed, and not all of them. Not thread-safe.
#pragma once

#include <map>
#include <vector>

#include "analyzer/model/snapshot.h"
#include "analyzer/record/reader.h"

namespace gordian::capture {

struct LockFigures {
  model::ResourceKey lock;
  uint64_t waits = 0;      // that were seen and began in the period
  uint64_t waited_ns = 0;  // by all threads together
  uint64_t held_ns = 0;    // by at least one thread
};

struct ContentionFigures {
  uint64_t period_ns = 0;
  uint32_t samples = 0;
  uint64_t requests = 0;           // for locks and the like, by threads that were there at both ends
  uint64_t waits_missed = 0;       // at least so many began and ended between two samples
  std::vector<LockFigures> locks;  // that somebody waited for or held; most waited for first
};

class Contention {
 public:
  // `threads` and `sample` are the same moment: as the record has it and as what it means. The first sample
  // only says how things stood; waits that are seen in it began before.
  void add(const std::vector<record::ThreadEntry>& threads, const model::Snapshot& sample);

  // What happened since the last call.
  ContentionFigures take();

 private:
  struct Seen {
    uint64_t attempts = 0;  // how much the thread had asked for
    uint64_t last_wait = 0;
    bool attempting = false;
    bool counted = false;  // the wait that it is in
  };
  using SeenThreads = std::map<uint32_t, Seen>;  // by serial

  void count_wait(const model::Thread& thread, uint64_t elapsed_ns, const Seen* before, Seen& now);

  bool has_begun_ = false;
  uint64_t last_ns_ = 0;
  SeenThreads seen_;
  ContentionFigures figures_;
  std::map<model::ResourceKey, LockFigures> locks_;
};

// Whether the thread sleeps, or is about to: not merely on its way into a lock that looked free.
bool waits_in_earnest(const model::Wait& wait);

}  // namespace gordian::capture
