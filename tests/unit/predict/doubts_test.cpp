#include "analyzer/predict/doubts.h"

#include <gtest/gtest.h>

#include "analyzer/predict/findings.h"
#include "analyzer/predict/trace_reader.h"
#include "tests/unit/predict/text_trace.h"
#include "tests/unit/predict/trace_file_builder.h"

namespace gordian::predict {
namespace {

using record::TraceOp;

constexpr uint64_t kVariable = 0x80;

Trace early(TraceFileBuilder& builder) {
  builder.header.flags |= record::kTraceAccessesEarly;
  const std::string bytes = builder.bytes();
  return read_own_trace(source_of(bytes), "made.trace");
}

bool are_in_doubt(TraceFileBuilder& builder, uint32_t thread, uint32_t count) {
  return Doubts(early(builder)).touch({{thread, count}});
}

TEST(Doubts, AReadThatOverlapsAWriteMayHaveSeenEither) {
  TraceFileBuilder builder;
  builder.event(1, TraceOp::kWrite, kVariable).event(2, TraceOp::kRead, kVariable);
  EXPECT_TRUE(are_in_doubt(builder, 1, 1));
  EXPECT_FALSE(are_in_doubt(builder, 1, 0));
  EXPECT_FALSE(are_in_doubt(builder, 0, 1));
}

TEST(Doubts, SoMayOneThatIsToldOfFirst) {
  TraceFileBuilder builder;
  builder.event(1, TraceOp::kRead, kVariable)
      .event(1, TraceOp::kRead, 0x100)
      .event(2, TraceOp::kWrite, kVariable);
  EXPECT_TRUE(are_in_doubt(builder, 0, 1));
}

TEST(Doubts, AnEventInBetweenPutsThemInOrder) {
  for (const auto op : {TraceOp::kNotify, TraceOp::kAcquire}) {
    TraceFileBuilder builder;
    builder.event(1, TraceOp::kWrite, kVariable).event(1, op, 0xa0).event(2, TraceOp::kRead, kVariable);
    EXPECT_FALSE(are_in_doubt(builder, 1, 1));
  }
  TraceFileBuilder builder;
  builder.event(1, TraceOp::kWrite, kVariable).event(1, TraceOp::kUpdate, 0xb0, record::kTraceAtomic);
  builder.event(2, TraceOp::kRead, kVariable);
  EXPECT_FALSE(are_in_doubt(builder, 1, 1));
}

TEST(Doubts, WhichOfTwoWritesWasLastIsInDoubtForEveryLaterRead) {
  TraceFileBuilder builder;
  builder.event(1, TraceOp::kWrite, kVariable).event(2, TraceOp::kWrite, kVariable);
  builder.event(1, TraceOp::kEnd, 0).event(2, TraceOp::kEnd, 0).event(3, TraceOp::kRead, kVariable);
  EXPECT_TRUE(are_in_doubt(builder, 2, 1));
}

TEST(Doubts, AtomicAccessesAreCertainAmongThemselves) {
  TraceFileBuilder builder;
  builder.event(1, TraceOp::kWrite, kVariable, record::kTraceAtomic);
  builder.event(2, TraceOp::kRead, kVariable, record::kTraceAtomic);
  EXPECT_FALSE(are_in_doubt(builder, 1, 1));
}

TEST(Doubts, WhatIsToldOfAfterwardsMayHaveBeenBefore) {
  for (const bool overlaps : {true, false}) {
    TraceFileBuilder builder;
    builder.thread("one", 1).thread("two", 2).event(2, TraceOp::kNotify, 0xa0);
    builder.event(1, TraceOp::kRead, kVariable).event(1, TraceOp::kNotify, 0xa0);
    if (!overlaps) builder.event(2, TraceOp::kNotify, 0xa0);
    builder.event(2, TraceOp::kWrite, kVariable, record::kTraceLate);
    EXPECT_EQ(are_in_doubt(builder, 0, 1), overlaps);
  }
}

TEST(Doubts, ATraceWhoseAccessesAreOneStepHasNone) {
  TraceFileBuilder builder;
  builder.event(1, TraceOp::kWrite, kVariable).event(2, TraceOp::kRead, kVariable);
  const std::string bytes = builder.bytes();
  EXPECT_FALSE(Doubts(read_own_trace(source_of(bytes), "made.trace")).touch({{1, 1}}));
}

// The race of the two writes to `a` can be reached without a read in doubt, that of `b` not: the second
// thread goes on only where it saw what the first had written.
TEST(Doubts, TheFirstRaceIsPredictedAndWhatComesAfterItIsPossible) {
  TraceFileBuilder builder;
  builder.event(1, TraceOp::kWrite, 0xa0).event(2, TraceOp::kRead, 0xa0);
  builder.event(1, TraceOp::kWrite, 0xb0).event(2, TraceOp::kWrite, 0xb0);
  const Trace trace = early(builder);
  const Doubts doubts(trace);
  const RacePrediction prediction = predict_races(trace);
  ASSERT_EQ(prediction.races.size(), 2u);
  TraceNames names(trace);
  EXPECT_EQ(finding_of(trace, doubts, prediction.races[0], names).grade, finding::Grade::kPredicted);
  const finding::Finding second = finding_of(trace, doubts, prediction.races[1], names);
  EXPECT_EQ(second.grade, finding::Grade::kPossible);
  EXPECT_NE(second.grade_reason.find("races with a write"), std::string::npos);
}

TEST(Doubts, CodeThatDoesNotTellOfItsAccessesMakesItPossible) {
  TraceFileBuilder builder;
  builder.event(1, TraceOp::kWrite, 0xa0).event(2, TraceOp::kRead, 0xa0);
  builder.header.flags |= record::kTraceLacksCode;
  const Trace trace = early(builder);
  const RacePrediction prediction = predict_races(trace);
  ASSERT_EQ(prediction.races.size(), 1u);
  TraceNames names(trace);
  EXPECT_EQ(finding_of(trace, Doubts(trace), prediction.races[0], names).grade, finding::Grade::kPossible);
  EXPECT_EQ(unseen_of(trace, {}, {}).size(), 1u);
}

}  // namespace
}  // namespace gordian::predict
