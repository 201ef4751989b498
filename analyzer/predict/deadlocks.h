// Sync-preserving deadlocks: the patterns that a reordering of the trace really reaches.
//
// A pattern's instances are tried in program order, with one closure that only grows: an instance that lies
// in the closure of the others can not be the last event of its thread, there or later, and is left behind.
// So a pattern costs no more than one walk over the trace. Patterns that differ in their threads alone are
// one deadlock: once one of them is reached, the others are counted and not tried.
//
// Promises: for each deadlock found, `stops` is a set of thread prefixes that runs by itself in the order of
// the trace (closure.h), at whose end each thread of the cycle asks for a lock that the next one holds. That
// this can happen is only proven where the trace holds the memory accesses and has no holes; the caller
// grades. Source: Tunc, Mathur, Pavlogiannis, Viswanathan, PLDI 2023 (SPDOffline).
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/predict/abstract_acquires.h"
#include "analyzer/predict/dependencies.h"
#include "analyzer/predict/patterns.h"

namespace gordian::predict {

struct DeadlockMember {
  uint32_t thread = 0;
  HeldLock wants;
  Instance instance;
  std::vector<HeldLock> held;
};

struct Deadlock {
  std::vector<DeadlockMember> members;  // each wants what the next one holds
  std::vector<Prefix> stops;            // of every thread that has to run, by thread
  uint64_t alike = 0;                   // further patterns of the same locks, by other threads
};

struct PredictionStatistics {
  uint64_t events = 0;
  uint64_t threads = 0;
  uint64_t locks = 0;
  uint64_t acquisitions = 0;
  uint64_t abstract_acquires = 0;
  uint64_t patterns = 0;
  uint64_t not_reached = 0;  // patterns that no such reordering reaches
  uint64_t not_tried = 0;    // patterns beyond the limit of work
  PatternSearch search;
  uint64_t steps = 0;
};

struct PredictionLimits {
  PatternLimits patterns;
  uint64_t steps = 5'000'000'000;  // of all closures together
};

struct Prediction {
  std::vector<Deadlock> deadlocks;
  PredictionStatistics statistics;
};

Prediction predict_deadlocks(const Trace& trace, const PredictionLimits& limits);

}  // namespace gordian::predict
