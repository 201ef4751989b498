// Small traces whose races are known.
#include "analyzer/predict/races.h"

#include <gtest/gtest.h>

#include "analyzer/predict/findings.h"
#include "analyzer/predict/trace_builder.h"
#include "tests/unit/predict/text_trace.h"

namespace gordian::predict {
namespace {

size_t races_in(std::string_view text) {
  return predict_races(trace_in_short(text)).races.size();
}

TEST(Races, TwoWritesWithNothingBetween) {
  const Trace trace = trace_in_short("T1:w(x) T2:w(x)");
  const RacePrediction prediction = predict_races(trace);
  ASSERT_EQ(prediction.races.size(), 1u);
  EXPECT_TRUE(prediction.races[0].stops.empty());  // both can be the first
}

TEST(Races, ACommonLockIsNoPairAtAll) {
  const RacePrediction prediction =
      predict_races(trace_in_short("T1:acq(a) T1:w(x) T1:rel(a) T2:acq(a) T2:r(x) T2:rel(a)"));
  EXPECT_TRUE(prediction.races.empty());
  EXPECT_EQ(prediction.statistics.pairs, 0u);
}

TEST(Races, AnOrderThatAnotherSectionOfTheLockMadeByChanceDoesNotHideIt) {
  // Ordered by the lock in this run, as happens-before has it; the sections could come the other way round.
  EXPECT_EQ(races_in("T1:w(x) T1:acq(a) T1:rel(a) T2:acq(a) T2:rel(a) T2:w(x)"), 1u);
}

TEST(Races, WhatWasReadUnderTheLockKeepsTheOrder) {
  EXPECT_EQ(races_in("T1:w(x) T1:acq(a) T1:w(y) T1:rel(a) T2:acq(a) T2:r(y) T2:rel(a) T2:w(x)"), 0u);
}

TEST(Races, CreationAndJoinKeepTheOrder) {
  EXPECT_EQ(races_in("T1:w(x) T1:fork(T2) T2:w(x) T1:join(T2) T1:w(x)"), 0u);
  EXPECT_EQ(races_in("T1:fork(T2) T1:w(x) T2:w(x) T1:join(T2)"), 1u);
}

TEST(Races, ReadersDoNotRaceWithEachOther) {
  EXPECT_EQ(races_in("T1:r(x) T2:r(x)"), 0u);
  // The reader is brought before the write that it saw.
  EXPECT_EQ(races_in("T1:w(x) T2:r(x)"), 1u);
}

TEST(Races, AFlagThatIsWaitedForHidesWhatItGuardsAndRacesItself) {
  const RacePrediction prediction =
      predict_races(trace_in_short("T1:w(data) T1:w(flag) T2:r(flag) T2:r(data)"));
  ASSERT_EQ(prediction.races.size(), 1u);
  EXPECT_EQ(prediction.statistics.not_reached, 1u);
}

TEST(Races, ManyPairsOfTheSamePlacesAreOne) {
  const RacePrediction prediction =
      predict_races(trace_of("T1|w(x)|one.c:1\nT1|w(y)|one.c:1\nT2|w(x)|two.c:2\nT2|w(y)|two.c:2\n"));
  ASSERT_EQ(prediction.races.size(), 1u);
  EXPECT_EQ(prediction.races[0].alike, 1u);
}

TEST(Races, AtomicsRaceOnlyWithPlainAccesses) {
  TraceBuilder builder;
  builder.add_thread({.name = "one"});
  builder.add_thread({.name = "two"});
  const uint32_t flag = builder.add_variable();
  const auto write = [&](uint32_t thread, uint8_t flags) {
    builder.add(Op::kWrite, thread, flag, builder.add_site({}), flags);
  };
  write(0, kAtomic);
  write(1, kAtomic);
  EXPECT_TRUE(predict_races(builder.trace()).races.empty());
  write(1, 0);
  EXPECT_EQ(predict_races(builder.trace()).races.size(), 1u);
}

TEST(Races, TheLimitOfWorkIsToldAndNotPassed) {
  const RacePrediction prediction = predict_races(trace_in_short("T1:w(x) T2:w(x)"), 0);
  EXPECT_TRUE(prediction.races.empty());
  EXPECT_EQ(prediction.statistics.not_tried, 1u);
}

TEST(Races, TheFindingNamesBothSidesTheirLocksAndTheWay) {
  const Trace trace = trace_of(
      "main|fork(worker)|main.c:3\nmain|acq(a)|main.c:4\nmain|w(count)|main.c:5\nmain|rel(a)|main.c:6\n"
      "worker|begin()|w.c:1\nworker|r(count)|w.c:2\n");
  TraceNames names(trace);
  const RacePrediction prediction = predict_races(trace);
  ASSERT_EQ(prediction.races.size(), 1u);
  const finding::Finding finding = finding_of(trace, Doubts(trace), prediction.races[0], names);
  EXPECT_EQ(finding.rule, finding::RuleId::kDataRace);
  EXPECT_EQ(finding.grade, finding::Grade::kPredicted);
  ASSERT_EQ(finding.cycle.size(), 2u);
  EXPECT_EQ(finding.cycle[0].wait_mode, "write");
  EXPECT_EQ(finding.cycle[0].waiting_at[0].line, 5u);
  ASSERT_EQ(finding.cycle[0].holds.size(), 1u);
  EXPECT_EQ(finding.cycle[0].holds[0].acquired_at[0].line, 4u);
  EXPECT_EQ(finding.cycle[1].wait_mode, "read");
  EXPECT_EQ(finding.cycle[1].thread.name, "worker");
  ASSERT_GE(finding.schedule.size(), 2u);
  EXPECT_EQ(finding.schedule[finding.schedule.size() - 2], "main writes count at main.c:5, while");
  EXPECT_EQ(finding.schedule.back(), "worker reads count at w.c:2");
}

}  // namespace
}  // namespace gordian::predict
