// The whole way, from a file to a view, with the real symbolizer and the real verdict.
#include "analyzer/capture/flight_capture.h"

#include <time.h>

#include "tests/unit/record_builder.h"

namespace gordian::capture {
namespace {

using record::ResourceKind;
using test::ThreadBuilder;

class FlightCaptureTest : public ::testing::Test {
 protected:
  ProcessView view(const test::RecordBuilder& builder) {
    builder.write(path);
    return FlightCapture(path).view();
  }
  test::ScratchDirectory scratch;
  std::string path = scratch.file("1.flight");
};

TEST_F(FlightCaptureTest, TellsWhatTheProcessTold) {
  const ProcessView seen = view(test::two_accounts());
  EXPECT_FALSE(seen.running);
  ASSERT_EQ(seen.report.findings.size(), 1u);
  const finding::Finding& finding = seen.report.findings[0];
  EXPECT_EQ(finding.grade, finding::Grade::kProven);
  ASSERT_TRUE(finding.conditions.has_value());
  EXPECT_TRUE(finding.conditions->mutual_exclusion.holds);
  EXPECT_TRUE(finding.conditions->hold_and_wait.holds);
  EXPECT_TRUE(finding.conditions->no_preemption.holds);
  EXPECT_TRUE(finding.conditions->circular_wait.holds);
  EXPECT_EQ(FlightCapture(path).told(), 1u);
}

TEST_F(FlightCaptureTest, JudgesWhatADeadProcessDidNotLiveToTell) {
  const ProcessView seen = view(test::two_accounts(false));
  ASSERT_EQ(seen.report.findings.size(), 1u);
  EXPECT_EQ(seen.report.findings[0].rule, finding::RuleId::kDeadlock);
  EXPECT_EQ(seen.report.findings[0].grade, finding::Grade::kProven);
  EXPECT_EQ(seen.report.findings[0].cycle.size(), 2u);
  EXPECT_EQ(seen.report.findings[0].fingerprint, view(test::two_accounts()).report.findings[0].fingerprint);
}

// One thread was killed between the moment at which it wrote down that it gives the semaphore back and the
// moment at which it does, or when it had taken it and not yet written that down: the record shows nobody who
// has it.
TEST_F(FlightCaptureTest, ADeadProcessIsNotAccusedOfAWaitThatNobodysHoldExplains) {
  test::RecordBuilder builder;
  record::ResourceRecord semaphore = test::make_resource(ResourceKind::kSemaphore, 0x2000);
  semaphore.initial_value = 1;
  builder.add(test::make_resource(ResourceKind::kRwlock, 0x1000));
  builder.add(semaphore);
  builder.add(ThreadBuilder(1, "one")
                  .holds(ResourceKind::kRwlock, 0x1000, 0x10)
                  .waits(ResourceKind::kSemaphore, 0x2000, 0x20));
  builder.add(ThreadBuilder(2, "two").waits(ResourceKind::kRwlock, 0x1000, 0x10));
  EXPECT_TRUE(view(builder).report.findings.empty());
}

TEST_F(FlightCaptureTest, ADeadProcessIsAccusedWhereTheSemaphoreIsSeenToBeHeld) {
  test::RecordBuilder builder;
  record::ResourceRecord semaphore = test::make_resource(ResourceKind::kSemaphore, 0x2000);
  semaphore.initial_value = 1;
  builder.add(test::make_resource(ResourceKind::kRwlock, 0x1000));
  builder.add(semaphore);
  builder.add(ThreadBuilder(1, "one")
                  .holds(ResourceKind::kRwlock, 0x1000, 0x10)
                  .waits(ResourceKind::kSemaphore, 0x2000, 0x20));
  builder.add(ThreadBuilder(2, "two")
                  .holds(ResourceKind::kSemaphore, 0x2000, 0x20)
                  .waits(ResourceKind::kRwlock, 0x1000, 0x10));
  const ProcessView seen = view(builder);
  ASSERT_EQ(seen.report.findings.size(), 1u);
  EXPECT_EQ(seen.report.findings[0].grade, finding::Grade::kInferred);
}

TEST_F(FlightCaptureTest, LeavesTheJudgingOfALiveProcessToItself) {
  test::RecordBuilder builder = test::two_accounts(false);
  builder.header.pid = static_cast<uint32_t>(::getpid());
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  builder.header.attached_ns =
      static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
  builder.modules.clear();
  const ProcessView seen = view(builder);
  EXPECT_TRUE(seen.running);
  EXPECT_TRUE(seen.report.findings.empty());
}

TEST_F(FlightCaptureTest, FindsNothingWhereThereIsNothing) {
  test::RecordBuilder builder;
  builder.add(ThreadBuilder(1, "main").holds(ResourceKind::kMutex, 0x10));
  builder.add(ThreadBuilder(2, "worker").waits(ResourceKind::kMutex, 0x10));
  const ProcessView seen = view(builder);
  EXPECT_TRUE(seen.report.findings.empty()) << "main runs and can give it back";
  EXPECT_EQ(seen.threads.size(), 2u);
}

TEST_F(FlightCaptureTest, ReadsTheFileAnewEachTime) {
  test::two_accounts(false).write(path);
  FlightCapture capture(path);
  EXPECT_EQ(capture.told(), 0u);
  test::two_accounts().write(path);
  EXPECT_EQ(capture.told(), 1u);
  EXPECT_EQ(capture.view().report.findings.size(), 1u);
  test::RecordBuilder().write(path);
  EXPECT_TRUE(capture.view().threads.empty());
}

TEST_F(FlightCaptureTest, FindsWhatCouldHaveHappened) {
  const ProcessView seen = view(test::two_orders());
  ASSERT_EQ(seen.report.findings.size(), 1u);
  EXPECT_EQ(seen.report.findings[0].rule, finding::RuleId::kLockOrderInversion);
  EXPECT_EQ(seen.report.findings[0].grade, finding::Grade::kPossible);
  EXPECT_EQ(seen.report.lock_order.edges.size(), 2u);
}

TEST_F(FlightCaptureTest, LeavesTheOrdersOfALiveProcessAloneWhereAskedTo) {
  test::RecordBuilder builder = test::two_orders();
  builder.header.pid = static_cast<uint32_t>(::getpid());
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  builder.header.attached_ns =
      static_cast<uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(now.tv_nsec);
  builder.modules.clear();
  EXPECT_EQ(view(builder).report.findings.size(), 1u);
  CaptureOptions options;
  options.orders_while_running = false;
  EXPECT_TRUE(FlightCapture(path, options).view().report.findings.empty());
}

TEST_F(FlightCaptureTest, RefusesWhatIsNoRecord) {
  EXPECT_THROW(FlightCapture(scratch.file("none")).view(), record::RecordError);
  EXPECT_THROW(FlightCapture(scratch.file("none")).told(), record::RecordError);
}

}  // namespace
}  // namespace gordian::capture
