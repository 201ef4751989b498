#include "analyzer/predict/findings.h"

#include <gtest/gtest.h>

#include "tests/unit/predict/text_trace.h"

namespace gordian::predict {
namespace {

finding::Finding only_finding(const Trace& trace) {
  const Prediction prediction = predict(trace);
  EXPECT_EQ(prediction.deadlocks.size(), 1u);
  TraceNames names(trace);
  return finding_of(trace, Doubts(trace), prediction.deadlocks.at(0), names);
}

constexpr std::string_view kConflict =
    "M|fork(T1)|main\nM|fork(T2)|main\nT1|acq(a)|bank.cpp:12\nT1|acq(b)|bank.cpp:13\nT1|rel(b)|14\n"
    "T1|rel(a)|15\nT2|acq(b)|back::pay\nT2|acq(a)|7\nT2|rel(a)|8\nT2|rel(b)|9\n";

TEST(Findings, WithAccessesItIsPredictedAndHasItsWitness) {
  const finding::Finding found = only_finding(trace_of(std::string(kConflict) + "M|w(x)|1\n"));
  EXPECT_EQ(found.rule, finding::RuleId::kLockOrderInversion);
  EXPECT_EQ(found.grade, finding::Grade::kPredicted);
  ASSERT_EQ(found.cycle.size(), 2u);
  EXPECT_EQ(found.cycle[0].thread.name, "T1");
  EXPECT_EQ(found.cycle[0].waits_for.name, "b");
  EXPECT_EQ(found.cycle[0].held_by, "T2");
  EXPECT_EQ(found.cycle[0].waiting_at.at(0).file, "bank.cpp");
  EXPECT_EQ(found.cycle[0].waiting_at.at(0).line, 13u);
  EXPECT_EQ(found.cycle[0].holds.at(0).acquired_at.at(0).line, 12u);
  EXPECT_EQ(found.cycle[1].waiting_at.at(0).function, "location 7");
  EXPECT_EQ(found.cycle[1].holds.at(0).acquired_at.at(0).function, "back::pay");
  EXPECT_EQ(
      found.schedule,
      (std::vector<std::string>{
          "M starts T1 at main", "M starts T2 at main", "T1 takes a at bank.cpp:12",
          "T2 takes b at back::pay",
          "by then they stand: T1 after 1 of its 4 events, T2 after 1 of its 4 events, M after 2 of its "
          "3 events",
          "T1 asks for b at bank.cpp:13, which T2 has", "T2 asks for a at location 7, which T1 has"}));
  EXPECT_TRUE(found.conditions && found.conditions->circular_wait.holds);
}

TEST(Findings, SynchronisationAloneIsPossibleAndSaysWhy) {
  const finding::Finding found = only_finding(trace_of(kConflict));
  EXPECT_EQ(found.grade, finding::Grade::kPossible);
  EXPECT_NE(found.grade_reason.find("data flow"), std::string::npos);
}

TEST(Findings, TheWitnessTellsTheLatestEventsOfOthersAndCountsTheRest) {
  std::string text;
  for (int i = 0; i < 40; ++i)
    text += "O" + std::to_string(i) + "|w(v)|" + std::to_string(i) + "\nT1|r(v)|" + std::to_string(i) + "\n";
  const finding::Finding found = only_finding(trace_of(text + std::string(kConflict)));
  EXPECT_EQ(found.schedule.front(), "(16 earlier events of other threads are not shown)");
  EXPECT_NE(found.schedule.at(found.schedule.size() - 3).find("more threads"), std::string::npos);
}

TEST(Findings, WhatWasCutIsTold) {
  const Trace trace = trace_of(kConflict);
  PredictionStatistics statistics;
  EXPECT_TRUE(unseen_of(trace, statistics, {}).empty());
  statistics.not_tried = 3;
  statistics.search.was_cut = true;
  EXPECT_EQ(unseen_of(trace, statistics, {}).size(), 2u);
}

}  // namespace
}  // namespace gordian::predict
