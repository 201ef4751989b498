#include "analyzer/capture/stacks.h"

#include "tests/unit/capture/fake_names.h"
#include "tests/unit/record_builder.h"

namespace gordian::capture {
namespace {

using record::ResourceKind;
using test::functions;
using test::ThreadBuilder;

// transfer() locked at 0x110 and now waits in lock() called at 0x120; above it are run() and main().
class StacksTest : public ::testing::Test {
 protected:
  StacksTest() {
    names.code(0x900, "hook", "", 0, "/opt/gordian/libgordian-hooks.so");
    names.code(0x110, "transfer", "bank.cpp", 11);
    names.code(0x120, "transfer", "bank.cpp", 12);
    names.code(0x130, "audit", "bank.cpp", 13);
    names.code(0x200, "run", "bank.cpp", 30);
    names.code(0x201, "run", "bank.cpp", 31);
    names.code(0x300, "main", "bank.cpp", 40);
  }

  record::ThreadEntry entry(ThreadBuilder builder) {
    record::ThreadEntry result;
    result.thread = builder.thread;
    result.entries = builder.entries;
    return result;
  }

  // Held at 0x110, then waiting; the hook's CFA is 0x7000, transfer's 0x7040, run's 0x7080.
  ThreadBuilder waiting() {
    return ThreadBuilder(1, "t")
        .holds(ResourceKind::kMutex, 0x10, 0x110)
        .waits(ResourceKind::kMutex, 0x20, 0x120)
        .stack({{0x900, 0x7000}, {0x120, 0x7040}, {0x200, 0x7080}, {0x300, 0x70c0}});
  }

  test::FakeNames names;
  Stacks stacks{names, 32};
};

TEST_F(StacksTest, WaitingStackLeavesOutOurHooks) {
  EXPECT_EQ(functions(stacks.waiting(entry(waiting()))), "transfer < run < main");
}

TEST_F(StacksTest, WaitingStackOfAnEarlierAttemptIsNotShown) {
  ThreadBuilder builder = waiting();
  builder.thread.frames_attempt -= 1;
  EXPECT_EQ(functions(stacks.waiting(entry(builder))), "transfer");
}

TEST_F(StacksTest, WithoutFramesTheCallersOfTheAttemptAreShown) {
  ThreadBuilder builder = waiting();
  builder.thread.frame_count = 0;
  builder.last().callers[0] = 0x200;
  builder.last().caller_count = 1;
  EXPECT_EQ(functions(stacks.waiting(entry(builder))), "transfer < run");
}

TEST_F(StacksTest, ARunningThreadHasNoWaitingStack) {
  EXPECT_TRUE(stacks.waiting(entry(ThreadBuilder(1, "t").holds(ResourceKind::kMutex, 0x10, 0x110))).empty());
}

TEST_F(StacksTest, KeepsInlinedFramesAndCutsAtTheDepth) {
  names.code(0x120, "outer", "bank.cpp", 90);
  Stacks shallow(names, 2);
  EXPECT_EQ(functions(shallow.waiting(entry(waiting()))), "transfer < outer");
}

TEST_F(StacksTest, AcquisitionIsTheSiteWhenNothingElseIsKnown) {
  ThreadBuilder builder = waiting();
  builder.thread.frame_count = 0;
  EXPECT_EQ(functions(stacks.acquired(entry(builder), 0)), "transfer");
}

TEST_F(StacksTest, AcquisitionInAFrameThatStillLivesHasTheFramesAboveIt) {
  for (const uint64_t stack_pointer : {0x7000, 0x7008, 0x703f}) {
    ThreadBuilder builder = waiting();
    builder.entries[0].stack_pointer = stack_pointer;
    const finding::Stack stack = stacks.acquired(entry(builder), 0);
    EXPECT_EQ(functions(stack), "transfer < run < main") << stack_pointer;
    EXPECT_EQ(stack[0].line, 11u) << "the acquiring line, not the waiting one";
  }
}

TEST_F(StacksTest, AStackPointerOnTheUpperEdgeBelongsToTheCaller) {
  ThreadBuilder builder = waiting();
  builder.entries[0].stack_pointer = 0x7040;  // run's frame, but the site is in transfer
  EXPECT_EQ(functions(stacks.acquired(entry(builder), 0)), "transfer");
  builder.entries[0].site = 0x201;
  EXPECT_EQ(functions(stacks.acquired(entry(builder), 0)), "run < main");
}

TEST_F(StacksTest, AnotherFunctionInTheSamePlaceIsNotTheOneThatAcquired) {
  ThreadBuilder builder = waiting();
  builder.entries[0].stack_pointer = 0x7000;
  builder.entries[0].site = 0x130;
  EXPECT_EQ(functions(stacks.acquired(entry(builder), 0)), "audit");
}

TEST_F(StacksTest, NamelessFunctionsAreNeverTakenForTheSame) {
  ThreadBuilder builder = waiting();
  builder.entries[0].stack_pointer = 0x7000;
  builder.entries[0].site = 0x999;
  builder.thread.frames[1].address = 0x998;
  EXPECT_EQ(stacks.acquired(entry(builder), 0).size(), 1u);
}

TEST_F(StacksTest, CallersAreShownWhileTheyFollowACall) {
  ThreadBuilder builder = waiting();
  builder.thread.frame_count = 0;
  builder.entries[0].callers[0] = 0x200;
  builder.entries[0].callers[1] = 0x555;
  builder.entries[0].callers[2] = 0x300;
  builder.entries[0].caller_count = 3;
  names.not_after_call(0x555);
  EXPECT_EQ(functions(stacks.acquired(entry(builder), 0)), "transfer < run");
  builder.entries[0].caller_count = 1'000'000;  // hostile
  EXPECT_EQ(functions(stacks.acquired(entry(builder), 0)), "transfer < run");
}

TEST_F(StacksTest, TheFramesAboveTheOutermostCallerAreReadOffTheWait) {
  ThreadBuilder builder = waiting();
  builder.entries[0].callers[0] = 0x201;  // in run, whose CFA is 0x7080, so its frame pointer is 0x7070
  builder.entries[0].caller_count = 1;
  builder.entries[0].caller_frame = 0x7070;
  EXPECT_EQ(functions(stacks.acquired(entry(builder), 0)), "transfer < run < main");
  builder.entries[0].caller_frame = 0x7078;
  EXPECT_EQ(functions(stacks.acquired(entry(builder), 0)), "transfer < run");
}

TEST_F(StacksTest, ACallerFrameReusedByAnotherFunctionProvesNothing) {
  ThreadBuilder builder = waiting();
  builder.entries[0].callers[0] = 0x130;  // audit called then; run is in its place now
  builder.entries[0].caller_count = 1;
  builder.entries[0].caller_frame = 0x7070;
  EXPECT_EQ(functions(stacks.acquired(entry(builder), 0)), "transfer < audit");
}

TEST_F(StacksTest, ABrokenChainOfCallersGivesWayToALivingFrame) {
  ThreadBuilder builder = waiting();
  builder.entries[0].stack_pointer = 0x7000;
  builder.entries[0].callers[0] = 0x200;
  builder.entries[0].callers[1] = 0x555;
  builder.entries[0].caller_count = 2;
  names.not_after_call(0x555);
  EXPECT_EQ(functions(stacks.acquired(entry(builder), 0)), "transfer < run < main");
  builder.entries[0].callers[0] = 0x201;  // another call of transfer than the one on the stack
  EXPECT_EQ(functions(stacks.acquired(entry(builder), 0)), "transfer < run");
}

TEST_F(StacksTest, TheWaitKnowsFramesThatTheChainMissed) {
  ThreadBuilder builder = waiting();
  builder.entries[0].stack_pointer = 0x7000;
  builder.entries[0].callers[0] = 0x300;  // run was built without a frame pointer
  builder.entries[0].caller_count = 1;
  EXPECT_EQ(functions(stacks.acquired(entry(builder), 0)), "transfer < run < main");
}

TEST_F(StacksTest, AnEntryBeyondTheThreadsHasNoStack) {
  EXPECT_TRUE(stacks.acquired(entry(waiting()), 9).empty());
}

}  // namespace
}  // namespace gordian::capture
