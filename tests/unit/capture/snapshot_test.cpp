#include "analyzer/capture/flight_capture.h"
#include "tests/unit/record_builder.h"

namespace gordian::capture {
namespace {

using model::ResourceKey;
using record::ResourceKind;
using record::ThreadState;
using test::RecordBuilder;
using test::ThreadBuilder;

constexpr ResourceKey kFirst{ResourceKind::kMutex, 0x4010};
constexpr ResourceKey kSecond{ResourceKind::kMutex, 0x4040};

record::Record written_and_read(const RecordBuilder& builder) {
  test::ScratchDirectory scratch;
  builder.write(scratch.file("r"));
  return record::read_record(scratch.file("r"));
}

model::Snapshot snapshot(const RecordBuilder& builder) {
  return snapshot_of(written_and_read(builder));
}

TEST(RecordSnapshot, ShowsWhoHoldsAndWhoWaits) {
  const model::Snapshot s = snapshot(test::two_accounts());
  ASSERT_EQ(s.threads.size(), 3u);
  EXPECT_FALSE(s.threads[0].waiting);
  const model::Thread& worker = s.threads[1];
  EXPECT_EQ(worker.tid, 1002u);
  ASSERT_EQ(worker.holds.size(), 1u);
  EXPECT_EQ(worker.holds[0].resource, kFirst);
  EXPECT_EQ(worker.holds[0].site, 0x1100u);
  ASSERT_TRUE(worker.waiting);
  EXPECT_EQ(worker.wait.resource, kSecond);
  EXPECT_EQ(worker.wait.site, 0x1200u);
  EXPECT_EQ(worker.wait.since_ns, 5'000'000u);
  ASSERT_EQ(s.resources.size(), 2u);
  EXPECT_EQ(s.resources[0].key, kFirst);
  EXPECT_EQ(s.now_ns, 9'000'000u) << "the last moment of the record is that of the finding";
}

TEST(RecordSnapshot, KeepsModeBits) {
  RecordBuilder builder;
  builder.add(ThreadBuilder(1, "t")
                  .holds(ResourceKind::kRwlock, 0x10, 0, record::kSharedBit)
                  .waits(ResourceKind::kRwlock, 0x20, 0,
                         record::kSharedBit | record::kTimedBit | record::kProcessSharedBit));
  const model::Snapshot s = snapshot(builder);
  EXPECT_TRUE(s.threads[0].holds[0].shared);
  EXPECT_TRUE(s.threads[0].wait.shared);
  EXPECT_TRUE(s.threads[0].wait.timed);
  EXPECT_TRUE(s.threads[0].wait.process_shared);
}

TEST(RecordSnapshot, ForgetsWaitDetailsOfAnEarlierAttempt) {
  RecordBuilder builder;
  ThreadBuilder thread = ThreadBuilder(1, "t").waits(ResourceKind::kCondition, 0x10);
  thread.thread.wait_second = 0x99;
  thread.thread.wait_attempt -= 1;
  builder.add(thread);
  const model::Snapshot s = snapshot(builder);
  ASSERT_TRUE(s.threads[0].waiting);
  EXPECT_EQ(s.threads[0].wait.since_ns, 0u);
  EXPECT_EQ(s.threads[0].wait.second, 0u);
}

TEST(RecordSnapshot, AThreadWithAHoldOnTopDoesNotWait) {
  RecordBuilder builder;
  builder.add(ThreadBuilder(1, "t").waits(ResourceKind::kMutex, 0x10).holds(ResourceKind::kMutex, 0x20));
  const model::Snapshot s = snapshot(builder);
  EXPECT_FALSE(s.threads[0].waiting);
  ASSERT_EQ(s.threads[0].holds.size(), 1u);
  EXPECT_EQ(s.threads[0].holds[0].depth, 1u);
}

TEST(RecordSnapshot, AThreadWhoseTopEntryDidNotFitDoesNotWait) {
  RecordBuilder builder;
  ThreadBuilder thread(1, "t");
  for (uint64_t i = 0; i < 559; ++i) thread.holds(ResourceKind::kMutex, i + 1);
  thread.waits(ResourceKind::kMutex, 0x9999);  // the last that fits, then pushed out of sight by one more
  thread.thread.progress += 1;
  builder.add(thread);
  EXPECT_FALSE(snapshot(builder).threads[0].waiting);
}

TEST(RecordSnapshot, ATornThreadDoesNotWait) {
  record::Record record = written_and_read(test::two_accounts());
  record.threads[1].torn = true;
  const model::Snapshot s = snapshot_of(record);
  EXPECT_FALSE(s.threads[1].waiting);
  EXPECT_TRUE(s.threads[1].holds.empty());
  EXPECT_TRUE(s.threads[2].waiting);
}

TEST(RecordSnapshot, LeavesOutEndedThreadsThatHoldNothing) {
  RecordBuilder builder;
  builder.add(ThreadBuilder(1, "empty-handed").state(ThreadState::kEnded));
  builder.add(ThreadBuilder(2, "holder").state(ThreadState::kEnded).holds(ResourceKind::kMutex, 0x10));
  builder.add(
      ThreadBuilder(3, "left").state(ThreadState::kLeftBehindByFork).waits(ResourceKind::kMutex, 0x10));
  builder.add(ThreadBuilder(4, "new").state(ThreadState::kStarting));
  const model::Snapshot s = snapshot(builder);
  ASSERT_EQ(s.threads.size(), 3u);
  EXPECT_EQ(s.threads[0].serial, 2u);
  EXPECT_EQ(s.threads[1].serial, 3u);
  EXPECT_FALSE(s.threads[1].waiting) << "its wait was in the parent process";
  EXPECT_TRUE(s.threads[2].live());
}

TEST(RecordSnapshot, ASemaphoreUsedAsASignalHasNoHolder) {
  RecordBuilder builder;
  builder.add(
      ThreadBuilder(1, "t").holds(ResourceKind::kSemaphore, 0x10).holds(ResourceKind::kSemaphore, 0x20));
  record::ResourceRecord event = test::make_resource(ResourceKind::kSemaphore, 0x10);
  event.usage = static_cast<uint8_t>(record::Usage::kSignal);
  builder.add(event);
  builder.add(test::make_resource(ResourceKind::kSemaphore, 0x20));
  const model::Snapshot s = snapshot(builder);
  ASSERT_EQ(s.threads[0].holds.size(), 1u);
  EXPECT_EQ(s.threads[0].holds[0].resource.address, 0x20u);
}

TEST(RecordSnapshot, FindsTheResourceThatHasNotEnded) {
  RecordBuilder builder;
  builder.add(ThreadBuilder(1, "t").waits(ResourceKind::kSemaphore, 0x10));
  record::ResourceRecord now = test::make_resource(ResourceKind::kSemaphore, 0x10);
  now.generation = 2;
  now.signals = 7;
  now.signallers[0] = 5;
  now.flags = record::kResourceManySignallers | record::kResourceProcessShared;
  builder.add(now);
  record::ResourceRecord ended = test::make_resource(ResourceKind::kSemaphore, 0x10);
  ended.flags = record::kResourceEnded;
  ended.generation = 3;
  builder.add(ended);
  const model::Snapshot s = snapshot(builder);
  ASSERT_EQ(s.resources.size(), 1u);
  EXPECT_EQ(s.resources[0].signals, 7u);
  EXPECT_EQ(s.resources[0].signallers, std::vector<uint32_t>{5});
  EXPECT_TRUE(s.resources[0].many_signallers);
  EXPECT_TRUE(s.threads[0].wait.process_shared) << "the resource says so, the entry need not";
}

TEST(RecordSnapshot, TakesFromTheFindingThatAWaiterWasWoken) {
  RecordBuilder builder = test::two_accounts();
  builder.threads[1] = ThreadBuilder(2, "worker-1")
                           .holds(ResourceKind::kMutex, 0x4010)
                           .waits(ResourceKind::kCondition, 0x5000);
  builder.findings[0].members[0].phase = 1;
  builder.findings[0].members[0].progress = builder.threads[1].thread.progress;
  const model::Snapshot s = snapshot(builder);
  EXPECT_TRUE(s.threads[1].wait.reacquiring);
  EXPECT_EQ(s.threads[1].wait.resource, kSecond);
}

TEST(RecordSnapshot, CountsThreadsNobodySaw) {
  RecordBuilder builder = test::two_accounts();
  builder.header.unseen[static_cast<size_t>(record::Unseen::kForeignThreads)] = 2;
  builder.findings[0].signal_handlers = 3;
  const model::Snapshot s = snapshot(builder);
  EXPECT_EQ(s.outside.unknown_threads, 2u);
  EXPECT_EQ(s.outside.signal_handlers, 3u);
}

TEST(RecordSnapshot, AOneTimeRoutineThatAnExceptionLeftIsNotHeld) {
  RecordBuilder builder;
  ThreadBuilder thread =
      ThreadBuilder(1, "t").holds(ResourceKind::kOnce, 0x10).holds(ResourceKind::kStaticGuard, 0x20);
  thread.entries[0].stack_pointer = 0x7000;
  thread.entries[1].stack_pointer = 0x7100;
  builder.add(thread);
  const model::Snapshot s = snapshot(builder);
  ASSERT_EQ(s.threads[0].holds.size(), 1u);
  EXPECT_EQ(s.threads[0].holds[0].resource.kind, ResourceKind::kStaticGuard);
}

TEST(RecordSnapshot, ALockThatForkLeftBehindIsHeldByItsOwner) {
  RecordBuilder builder = test::two_accounts();
  builder.threads[2] = ThreadBuilder(3, "left").state(ThreadState::kLeftBehindByFork);
  builder.findings[0].member_count = 1;
  builder.findings[0].members[0].link = static_cast<uint8_t>(record::Link::kLeftBehind);
  const model::Snapshot s = snapshot(builder);
  ASSERT_EQ(s.threads[2].holds.size(), 1u);
  EXPECT_EQ(s.threads[2].holds[0].resource, kSecond);
}

TEST(RecordSnapshot, KnowsNothingOfAResourceWithoutARecord) {
  RecordBuilder builder = test::two_accounts();
  builder.resources.clear();
  EXPECT_TRUE(snapshot(builder).resources.empty());
}

TEST(RecordSnapshot, IgnoresEntriesOfUnknownKind) {
  RecordBuilder builder;
  builder.add(ThreadBuilder(1, "t")
                  .holds(static_cast<ResourceKind>(99), 0x10)
                  .waits(static_cast<ResourceKind>(77), 0x20));
  const model::Snapshot s = snapshot(builder);
  EXPECT_TRUE(s.threads[0].holds.empty());
  EXPECT_FALSE(s.threads[0].waiting);
}

}  // namespace
}  // namespace gordian::capture
