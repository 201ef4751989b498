#include "analyzer/record/state_sampler.h"

#include "tests/unit/record_builder.h"

namespace gordian::record {
namespace {

using test::ThreadBuilder;

class StateSamples : public testing::Test {
 protected:
  StateSampler sampler(const test::RecordBuilder& builder) {
    builder.write(path_);
    return StateSampler(path_);
  }

  test::ScratchDirectory scratch_;
  std::string path_ = scratch_.file("1.flight");
};

TEST_F(StateSamples, ShowThreadsWithTheirEntriesAndWaits) {
  test::RecordBuilder builder = test::two_accounts();
  builder.threads.insert(builder.threads.begin(), ThreadBuilder(9, "free").state(ThreadState::kFree));
  StateSampler sampler = this->sampler(builder);
  const std::vector<ThreadEntry>& threads = sampler.sample();
  ASSERT_EQ(threads.size(), 3u) << "a free slot is no thread";
  EXPECT_EQ(threads[1].slot, 2u);
  EXPECT_EQ(threads[1].thread.serial, 2u);
  ASSERT_EQ(threads[1].entries.size(), 2u);
  EXPECT_EQ(word_status(threads[1].entries[1].word), HoldStatus::kAttempting);
  EXPECT_EQ(threads[1].thread.wait_since_ns, 5'000'000u);
  EXPECT_TRUE(threads[0].entries.empty());
  EXPECT_EQ(sampler.header().thread_count, 4u);
}

TEST_F(StateSamples, AreTakenAnewEachTimeAlsoFromAFileWithoutAName) {
  test::RecordBuilder builder = test::two_accounts();
  StateSampler sampler = this->sampler(builder);
  sampler.sample();
  builder.threads.pop_back();
  builder.threads[1] = ThreadBuilder(2, "worker-1").holds(ResourceKind::kMutex, 0x9000);
  const int file = ::open(path_.c_str(), O_RDWR);
  ASSERT_GE(file, 0);
  std::filesystem::remove(path_);
  const ThreadRecord& thread = builder.threads[1].thread;
  ThreadRecord page = thread;
  page.holds[0] = builder.threads[1].entries[0];
  ASSERT_EQ(::pwrite(file, &page, sizeof page, kThreadOffset + sizeof page),
            static_cast<ssize_t>(sizeof page));
  ::close(file);
  const std::vector<ThreadEntry>& threads = sampler.sample();
  ASSERT_EQ(threads.size(), 3u);
  ASSERT_EQ(threads[1].entries.size(), 1u);
  EXPECT_EQ(word_address(threads[1].entries[0].word), 0x9000u);
}

TEST_F(StateSamples, ReachIntoOverflowBlocks) {
  test::RecordBuilder builder;
  ThreadBuilder thread(1, "hoarder");
  for (uint64_t i = 0; i < 120; ++i) thread.holds(ResourceKind::kMutex, 0x1000 + 16 * i);
  builder.add(thread);
  StateSampler sampler = this->sampler(builder);
  const std::vector<ThreadEntry>& threads = sampler.sample();
  ASSERT_EQ(threads[0].entries.size(), 120u);
  EXPECT_EQ(word_address(threads[0].entries[119].word), 0x1000u + 16 * 119);
}

TEST_F(StateSamples, RefuseARecordThatIsDamaged) {
  test::RecordBuilder builder = test::two_accounts();
  builder.threads[0].thread.state = 77;
  StateSampler sampler = this->sampler(builder);
  EXPECT_THROW(sampler.sample(), RecordError);
}

}  // namespace
}  // namespace gordian::record
