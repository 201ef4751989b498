// Acquisitions grouped by what matters for a deadlock: the thread, the lock it asks for, and what it holds
// meanwhile. A million acquisitions are a few abstract ones; the patterns are built on those.
//
// An attempt that never got its lock (the trace ends while the thread waits) is an instance too. Attempts
// that cannot block for ever, tries and timed ones, are none; what they got is held all the same. Source:
// Tunc, Mathur, Pavlogiannis, Viswanathan, Sound Dynamic Deadlock Prediction in Linear Time, PLDI 2023.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/predict/held_sets.h"

namespace gordian::predict {

// One concrete acquisition, or attempt.
struct Instance {
  uint32_t position = 0;  // in its thread
  uint32_t site = kNone;
};

struct AbstractAcquire {
  uint32_t thread = 0;
  HeldLock wants;
  uint32_t held = 0;                // index in AbstractAcquires::lock_sets
  std::vector<Instance> instances;  // in program order
};

struct AbstractAcquires {
  std::vector<HeldSet> lock_sets;
  std::vector<AbstractAcquire> acquires;
  uint64_t instance_count = 0;
};

AbstractAcquires collect_abstract_acquires(const Trace& trace);

}  // namespace gordian::predict
