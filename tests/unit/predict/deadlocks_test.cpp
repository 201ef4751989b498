// Small traces whose answer is known.
#include "analyzer/predict/deadlocks.h"

#include <gtest/gtest.h>

#include "tests/unit/predict/text_trace.h"

namespace gordian::predict {
namespace {

size_t deadlocks_in(std::string_view text) {
  return predict(trace_in_short(text)).deadlocks.size();
}

TEST(Deadlocks, TwoThreadsThatTakeTwoLocksInOppositeOrders) {
  const Trace trace = trace_in_short(
      "T1:acq(a) T1:acq(b) T1:w(x) T1:rel(b) T1:rel(a)"
      " T2:acq(b) T2:acq(a) T2:w(y) T2:rel(a) T2:rel(b)");
  const Prediction prediction = predict(trace);
  ASSERT_EQ(prediction.deadlocks.size(), 1u);
  const Deadlock& deadlock = prediction.deadlocks[0];
  ASSERT_EQ(deadlock.members.size(), 2u);
  EXPECT_EQ(trace.sites[deadlock.members[0].instance.site].text, "at2");
  EXPECT_EQ(trace.sites[deadlock.members[1].instance.site].text, "at7");
  // Each stops having taken its first lock.
  ASSERT_EQ(deadlock.stops.size(), 2u);
  EXPECT_EQ(deadlock.stops[0].count, 1u);
  EXPECT_EQ(deadlock.stops[1].count, 1u);
}

TEST(Deadlocks, ACommonGuardRulesThemOut) {
  const Prediction prediction =
      predict(trace_in_short("T1:acq(g) T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T1:rel(g)"
                             " T2:acq(g) T2:acq(b) T2:acq(a) T2:rel(a) T2:rel(b) T2:rel(g)"));
  EXPECT_TRUE(prediction.deadlocks.empty());
  EXPECT_EQ(prediction.statistics.patterns, 0u);
}

TEST(Deadlocks, AReadThatSawTheOthersWriteForcesTheOrder) {
  // T2 takes its locks only because it saw what T1 wrote after its own pair.
  const Prediction prediction =
      predict(trace_in_short("T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T1:w(done)"
                             " T2:r(done) T2:acq(b) T2:acq(a) T2:rel(a) T2:rel(b)"));
  EXPECT_TRUE(prediction.deadlocks.empty());
  EXPECT_EQ(prediction.statistics.patterns, 1u);
  EXPECT_EQ(prediction.statistics.not_reached, 1u);
}

TEST(Deadlocks, AReadOfAnEarlierWriteDoesNot) {
  EXPECT_EQ(deadlocks_in("T1:w(ready) T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T1:w(done)"
                         " T2:r(ready) T2:acq(b) T2:acq(a) T2:rel(a) T2:rel(b)"),
            1u);
}

TEST(Deadlocks, AReadInTheInnerSectionForcesTheOrderThroughTheLock) {
  // T2 reads under c what T1 wrote under c, after its pair.
  EXPECT_EQ(deadlocks_in("T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T1:acq(c) T1:w(x) T1:rel(c)"
                         " T2:acq(c) T2:r(x) T2:rel(c) T2:acq(b) T2:acq(a) T2:rel(a) T2:rel(b)"),
            0u);
  // Without the read, sections of c alone order nothing that has to happen.
  EXPECT_EQ(deadlocks_in("T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T1:acq(c) T1:w(x) T1:rel(c)"
                         " T2:acq(c) T2:w(x) T2:rel(c) T2:acq(b) T2:acq(a) T2:rel(a) T2:rel(b)"),
            1u);
}

TEST(Deadlocks, TheJoinOfTheOneBeforeTheOtherBeginsRulesItOut) {
  EXPECT_EQ(deadlocks_in("M:fork(T1) T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) M:join(T1)"
                         " M:fork(T2) T2:acq(b) T2:acq(a) T2:rel(a) T2:rel(b) M:join(T2)"),
            0u);
  EXPECT_EQ(deadlocks_in("M:fork(T1) M:fork(T2) T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) M:join(T1)"
                         " T2:acq(b) T2:acq(a) T2:rel(a) T2:rel(b) M:join(T2)"),
            1u);
}

TEST(Deadlocks, ThreadsThatTheCreatorStartsWhileItHoldsTheLock) {
  EXPECT_EQ(deadlocks_in("M:acq(a) M:fork(T1) M:acq(b) M:rel(b) M:rel(a)"
                         " T1:acq(b) T1:acq(a) T1:rel(a) T1:rel(b)"),
            1u);
  EXPECT_EQ(deadlocks_in("M:acq(a) M:acq(b) M:rel(b) M:rel(a) M:fork(T1)"
                         " T1:acq(b) T1:acq(a) T1:rel(a) T1:rel(b)"),
            0u);
}

TEST(Deadlocks, ACycleOfThree) {
  const Prediction prediction =
      predict(trace_in_short("T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T2:acq(b) T2:acq(c) T2:rel(c) T2:rel(b)"
                             " T3:acq(c) T3:acq(a) T3:rel(a) T3:rel(c)"));
  ASSERT_EQ(prediction.deadlocks.size(), 1u);
  EXPECT_EQ(prediction.deadlocks[0].members.size(), 3u);
}

TEST(Deadlocks, ACycleThatOneThreadWouldHaveToCloseAloneIsNone) {
  EXPECT_EQ(deadlocks_in("T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T1:acq(b) T1:acq(a) T1:rel(a) T1:rel(b)"
                         " T2:acq(c) T2:rel(c)"),
            0u);
}

TEST(Deadlocks, OtherThreadsOfTheSameLocksAreCountedAndNotTold) {
  const Prediction prediction = predict(
      trace_in_short("T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T2:acq(b) T2:acq(a) T2:rel(a) T2:rel(b)"
                     " T3:acq(a) T3:acq(b) T3:rel(b) T3:rel(a) T4:acq(b) T4:acq(a) T4:rel(a) T4:rel(b)"));
  ASSERT_EQ(prediction.deadlocks.size(), 1u);
  EXPECT_EQ(prediction.deadlocks[0].alike, 3u);
}

TEST(Deadlocks, TheFirstInstancesCannotMeetAndLaterOnesCan) {
  // T2 waits for T1's first pair by a read; T1's second pair is free to meet it.
  const Trace trace = trace_in_short(
      "T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T1:w(x) T2:r(x) T2:acq(b) T2:acq(a) T2:rel(a) T2:rel(b)"
      " T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a)");
  const Prediction prediction = predict(trace);
  ASSERT_EQ(prediction.deadlocks.size(), 1u);
  EXPECT_EQ(trace.sites[prediction.deadlocks[0].members[0].instance.site].text, "at12");
}

TEST(Deadlocks, AnAttemptThatTheTraceEndsInIsAnInstance) {
  EXPECT_EQ(deadlocks_in("T1:acq(a) T2:acq(b) T1:req(b) T2:req(a)"), 1u);
  EXPECT_EQ(deadlocks_in("T1:acq(a) T2:acq(b) T1:req(b) T2:w(x)"), 0u);
}

TEST(Deadlocks, ARecursiveAcquisitionIsNoSecondLock) {
  EXPECT_EQ(deadlocks_in("T1:acq(a) T1:acq(b) T1:acq(a) T1:rel(a) T1:rel(b) T1:rel(a)"
                         " T2:acq(b) T2:rel(b)"),
            0u);
}

TEST(Deadlocks, ANotificationForcesTheOrder) {
  // T1 goes on to its pair only after T2, past its own, has notified it.
  EXPECT_EQ(deadlocks_in("T1:acq(m) T1:wait(m) T2:acq(b) T2:acq(a) T2:rel(a) T2:rel(b)"
                         " T2:acq(m) T2:notify(m) T2:rel(m) T1:acq(m) T1:rel(m)"
                         " T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a)"),
            0u);
  // The pair before the wait is not ordered by it.
  EXPECT_EQ(deadlocks_in("T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T1:acq(m) T1:wait(m)"
                         " T2:acq(b) T2:acq(a) T2:rel(a) T2:rel(b) T2:acq(m) T2:notify(m) T2:rel(m)"
                         " T1:acq(m) T1:rel(m)"),
            1u);
}

TEST(Deadlocks, AWaitGivesItsLockUpAndTakesItBackWhileAnotherIsHeld) {
  // T1 keeps a while it waits on m; T2 notifies holding m, and asks for a there.
  EXPECT_EQ(deadlocks_in("T1:acq(a) T1:acq(m) T1:wait(m) T2:acq(m) T2:notify(m) T2:rel(m)"
                         " T1:acq(m) T1:rel(m) T1:rel(a) T2:acq(m) T2:acq(a) T2:rel(a) T2:rel(m)"),
            1u);
}

TEST(Deadlocks, ALimitOfLengthIsTold) {
  const Trace trace = trace_in_short(
      "T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T2:acq(b) T2:acq(c) T2:rel(c) T2:rel(b)"
      " T3:acq(c) T3:acq(a) T3:rel(a) T3:rel(c)");
  const Prediction prediction = predict_deadlocks(trace, {.patterns = {.length = 2}});
  EXPECT_TRUE(prediction.deadlocks.empty());
  EXPECT_EQ(prediction.statistics.search.complete_to, 2u);
}

TEST(Deadlocks, PatternsBeyondALimitAreCounted) {
  const Trace trace = trace_in_short(
      "T1:acq(a) T1:acq(b) T1:rel(b) T1:rel(a) T2:acq(b) T2:acq(a) T2:rel(a) T2:rel(b)"
      " T1:acq(c) T1:acq(d) T1:rel(d) T1:rel(c) T2:acq(d) T2:acq(c) T2:rel(c) T2:rel(d)");
  const Prediction few = predict_deadlocks(trace, {.patterns = {.patterns = 1}});
  EXPECT_EQ(few.deadlocks.size(), 1u);
  EXPECT_TRUE(few.statistics.search.was_cut);
  const Prediction lazy = predict_deadlocks(trace, {.patterns = {}, .steps = 1});
  EXPECT_EQ(lazy.deadlocks.size(), 1u);
  EXPECT_EQ(lazy.statistics.not_tried, 1u);
}

}  // namespace
}  // namespace gordian::predict
