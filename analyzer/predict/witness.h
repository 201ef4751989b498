// The schedule that reaches a predicted deadlock or race, for people: which events of the reordering matter,
// in order, and where each thread stops.
//
// Promises: one walk over the trace. The reordering itself is the events of `stops` in the order of
// the trace; shown are the acquisitions that are still held at its end, creations and joins, wakes and what
// woke them, and reads that saw another thread's write. Of the cycle nothing is left out; of the rest the
// latest are kept, and the lines say how many are not shown.
#pragma once

#include <string>
#include <vector>

#include "analyzer/predict/deadlocks.h"
#include "analyzer/predict/races.h"
#include "analyzer/predict/trace_names.h"

namespace gordian::predict {

struct Witness {
  // By member, by held lock: the site at which it was taken.
  std::vector<std::vector<uint32_t>> taken_at;
  std::vector<std::string> schedule;
};

Witness witness_of(const Trace& trace, const Deadlock& deadlock, TraceNames& names);
Witness witness_of(const Trace& trace, const Race& race, TraceNames& names);

}  // namespace gordian::predict
