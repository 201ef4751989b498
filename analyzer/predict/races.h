// Sync-preserving races: pairs of accesses that a reordering of the trace brings side by side.
//
// Two accesses conflict where they are of different threads, one of them a write, and not
// both atomic. They race when all that both threads did before them can run, in the order of the trace,
// without either of them. Pairs of the same two places in the code are one race: once one of them is reached,
// the others are counted and not tried.
//
// Promises: for each race found, `stops` is a set of thread prefixes that runs by itself in the order of the
// trace (closure.h), at whose end both accesses are next. Where the trace has no holes that proves that they
// can race; the caller grades. Linear in the trace for each pair of places and threads.
// Source: Mathur, Pavlogiannis, Viswanathan, Optimal Prediction of Synchronization-Preserving Races, POPL
// 2021.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "analyzer/predict/abstract_accesses.h"
#include "analyzer/predict/dependencies.h"

namespace gordian::predict {

struct RaceMember {
  uint32_t thread = 0;
  uint32_t position = 0;
  uint32_t site = kNone;
  bool writes = false;
  bool is_atomic = false;
  HeldSet held;
};

struct Race {
  uint32_t variable = 0;
  std::array<RaceMember, 2> members;
  std::vector<Prefix> stops;  // of every thread that has to run, by thread
  uint64_t alike = 0;         // further pairs of the same two places
};

struct RaceStatistics {
  uint64_t variables = 0;    // that several threads use
  uint64_t pairs = 0;        // that conflict, without a lock in common
  uint64_t not_reached = 0;  // pairs that no such reordering brings together
  uint64_t not_tried = 0;    // pairs beyond the limit of work
  uint64_t steps = 0;
};

struct RacePrediction {
  std::vector<Race> races;
  RaceStatistics statistics;
};

inline constexpr uint64_t kMostRaceSteps = 2'000'000'000;

RacePrediction predict_races(const Trace& trace, uint64_t most_steps = kMostRaceSteps);

}  // namespace gordian::predict
