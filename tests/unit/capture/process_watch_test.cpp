#include "analyzer/capture/process_watch.h"

#include <fcntl.h>

#include "tests/unit/record_builder.h"

namespace gordian::capture {
namespace {

using finding::WatchView;
using record::ResourceKind;
using test::RecordBuilder;
using test::ThreadBuilder;

class WatchedRecord : public testing::Test {
 protected:
  WatchView view_of(const RecordBuilder& builder) {
    builder.write(path_);
    return ProcessWatch(path_, builder.header.pid).view();
  }

  test::ScratchDirectory scratch_;
  std::string path_ = scratch_.file("1.flight");
};

TEST_F(WatchedRecord, ShowsTheCircleAndWhatTheProcessTold) {
  const WatchView view = view_of(test::two_accounts());
  EXPECT_EQ(view.running, 1u);
  EXPECT_EQ(view.waiting, 2u);
  ASSERT_EQ(view.findings.size(), 1u);
  EXPECT_EQ(view.findings[0].rule, finding::RuleId::kDeadlock);
  EXPECT_EQ(view.findings[0].grade, finding::Grade::kProven);
  ASSERT_EQ(view.chains.size(), 1u);
  const finding::WatchedChain& chain = view.chains[0];
  EXPECT_TRUE(chain.is_circle);
  ASSERT_EQ(chain.waits.size(), 2u);
  EXPECT_EQ(chain.waits[0].held_by, chain.waits[1].thread);
  EXPECT_EQ(chain.waits[1].held_by, chain.waits[0].thread);
  EXPECT_TRUE(chain.waits[0].since_ms.has_value());
  ASSERT_EQ(view.locks.size(), 2u);
  EXPECT_EQ(view.locks[0].kind, "mutex");
  EXPECT_EQ(view.locks[0].waiting, 1u);
  EXPECT_NE(view.locks[0].name, view.locks[1].name);
  EXPECT_FALSE(view.locks[0].holder.empty());
}

TEST_F(WatchedRecord, TellsATimedWaitAndALockOfOneThatHasEnded) {
  RecordBuilder builder;
  builder.add(
      ThreadBuilder(1, "gone").state(record::ThreadState::kEnded).holds(ResourceKind::kMutex, 0x4010));
  builder.add(ThreadBuilder(2, "patient").waits(ResourceKind::kMutex, 0x4010, 0, record::kTimedBit));
  const WatchView view = view_of(builder);
  ASSERT_EQ(view.chains.size(), 1u);
  EXPECT_EQ(view.chains[0].end, "has ended");
  EXPECT_TRUE(view.chains[0].waits[0].timed);
  EXPECT_FALSE(view.chains[0].is_circle);
}

TEST_F(WatchedRecord, KeepsWhatIsSignalledApartFromWhatIsHeld) {
  RecordBuilder builder;
  builder.add(ThreadBuilder(1, "consumer").waits(ResourceKind::kSemaphore, 0x5010));
  builder.add(ThreadBuilder(2, "sleeper").waits(ResourceKind::kCondition, 0x5040));
  builder.add(ThreadBuilder(3, "queued").waits(ResourceKind::kSemaphore, 0x5080));
  builder.add(ThreadBuilder(4, "user").holds(ResourceKind::kSemaphore, 0x5080));
  for (const uint64_t address : {0x5010, 0x5080})
    builder.add(test::make_resource(ResourceKind::kSemaphore, address));
  builder.resources[0].usage = static_cast<uint8_t>(record::Usage::kSignal);
  builder.add(test::make_resource(ResourceKind::kCondition, 0x5040));
  const WatchView view = view_of(builder);
  ASSERT_EQ(view.events.size(), 2u);
  ASSERT_EQ(view.locks.size(), 1u) << "a semaphore that is taken and given back by one thread is a lock";
  EXPECT_EQ(view.locks[0].holder, "\"user\"");
}

TEST_F(WatchedRecord, CountsSignalsSinceTheLastScreen) {
  RecordBuilder builder;
  builder.add(ThreadBuilder(1, "sleeper").waits(ResourceKind::kCondition, 0x5040));
  builder.add(test::make_resource(ResourceKind::kCondition, 0x5040));
  builder.resources[0].signals = 1000;
  builder.write(path_);
  ProcessWatch watch(path_, builder.header.pid);
  const auto signal = [&](uint32_t count) {
    const int file = ::open(path_.c_str(), O_RDWR);
    ASSERT_GE(file, 0);
    ASSERT_EQ(::pwrite(file, &count, sizeof count,
                       record::kResourceOffset + offsetof(record::ResourceRecord, signals)),
              static_cast<ssize_t>(sizeof count));
    ::close(file);
  };
  signal(1007);
  EXPECT_EQ(watch.view().events.at(0).signals, 7u);
  signal(1009);
  EXPECT_EQ(watch.view().events.at(0).signals, 2u);
  EXPECT_EQ(watch.view().events.at(0).signals, 0u);
}

TEST_F(WatchedRecord, StaysReadableWhenItIsDeleted) {
  const RecordBuilder builder = test::two_accounts();
  builder.write(path_);
  ProcessWatch watch(path_, builder.header.pid);
  std::filesystem::remove(path_);
  watch.sample();
  EXPECT_EQ(watch.view().chains.size(), 1u);
  EXPECT_FALSE(watch.is_running());
}

}  // namespace
}  // namespace gordian::capture
