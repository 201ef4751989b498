// Predicted deadlocks as findings of the rule lock-order-inversion, and races as those of data-race.
//
// Grades: `predicted` where the trace holds the memory accesses and has no holes, and no read on the way is
// in doubt, for then the reordering is one that the program can do. Otherwise data flow or events that the
// trace lacks can refute what its synchronisation allows: `possible`, and the finding says why. Fingerprints
// are the caller's to give.
#pragma once

#include <vector>

#include "analyzer/predict/deadlocks.h"
#include "analyzer/predict/doubts.h"
#include "analyzer/predict/races.h"
#include "analyzer/predict/trace_names.h"

namespace gordian::predict {

finding::Finding finding_of(const Trace& trace, const Doubts& doubts, const Deadlock& deadlock,
                            TraceNames& names);
finding::Finding finding_of(const Trace& trace, const Doubts& doubts, const Race& race, TraceNames& names);

// What the trace did not hold, and what was not looked at.
std::vector<finding::Unseen> unseen_of(const Trace& trace, const PredictionStatistics& statistics,
                                       const RaceStatistics& races);

}  // namespace gordian::predict
