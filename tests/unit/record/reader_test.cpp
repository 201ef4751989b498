#include "analyzer/record/reader.h"

#include <sys/stat.h>

#include "tests/unit/contains.h"
#include "tests/unit/record_builder.h"

namespace gordian::record {
namespace {

using test::RecordBuilder;
using test::ScratchDirectory;
using test::ThreadBuilder;

class Reader : public ::testing::Test {
 protected:
  Record read(const RecordBuilder& builder) {
    builder.write(path_);
    return read_record(path_);
  }

  // The text of the error that reading gives; it must be one line and name the file.
  std::string error(const std::string& path) {
    try {
      read_record(path);
    } catch (const RecordError& e) {
      const std::string text = e.what();
      EXPECT_EQ(text.find('\n'), std::string::npos) << text;
      EXPECT_NE(text.find(path), std::string::npos) << text;
      EXPECT_NE(text.find("; "), std::string::npos) << "says what to try next: " << text;
      EXPECT_THROW(count_findings(path), RecordError);
      return text;
    }
    ADD_FAILURE() << path << " was read";
    return {};
  }

  std::string error(const RecordBuilder& builder) {
    builder.write(path_);
    try {
      read_record(path_);
    } catch (const RecordError& e) {
      return e.what();
    }
    ADD_FAILURE() << "was read";
    return {};
  }

  void write_bytes(const std::string& bytes) { std::ofstream(path_, std::ios::binary) << bytes; }

  ScratchDirectory scratch_;
  std::string path_ = scratch_.file("1.flight");
};

using test::contains;

TEST_F(Reader, GivesBackWhatWasWritten) {
  const Record record = read(test::two_accounts());
  EXPECT_EQ(record.program, "/usr/bin/bank");
  EXPECT_EQ(record.arguments, (std::vector<std::string>{"bank", "--fast", "2"}));
  ASSERT_EQ(record.threads.size(), 3u);
  EXPECT_EQ(record.threads[1].slot, 1u);
  ASSERT_EQ(record.threads[1].entries.size(), 2u);
  EXPECT_EQ(word_address(record.threads[1].entries[0].word), 0x4010u);
  EXPECT_EQ(word_status(record.threads[1].entries[1].word), HoldStatus::kAttempting);
  EXPECT_FALSE(record.threads[1].torn);
  EXPECT_EQ(record.resources.size(), 2u);
  ASSERT_EQ(record.modules.size(), 1u);
  EXPECT_STREQ(record.modules[0].path, "/usr/bin/bank");
  ASSERT_EQ(record.findings.size(), 1u);
  EXPECT_EQ(record.findings[0].members[1].waits_for, 0x4010u);
  EXPECT_EQ(count_findings(path_), 1u);
}

TEST_F(Reader, AppendsOverflowBlocksInOrderOfDepth) {
  RecordBuilder builder;
  // The second thread's blocks lie between the first one's in nothing but numbering.
  for (uint32_t serial = 1; serial <= 2; ++serial) {
    ThreadBuilder thread(serial, "deep");
    for (uint64_t i = 0; i < 200; ++i) thread.holds(ResourceKind::kMutex, serial * 0x10000 + i);
    builder.add(thread);
  }
  const Record record = read(builder);
  ASSERT_EQ(record.threads.size(), 2u);
  for (const ThreadEntry& entry : record.threads) {
    ASSERT_EQ(entry.entries.size(), 200u);
    for (uint64_t i = 0; i < 200; ++i) {
      EXPECT_EQ(word_address(entry.entries[i].word), entry.thread.serial * 0x10000 + i);
    }
  }
}

TEST_F(Reader, HasFewerEntriesThanDepthWhenTheyDoNotFit) {
  RecordBuilder builder;
  ThreadBuilder thread(1, "too deep");
  for (uint64_t i = 0; i < 1000; ++i) thread.holds(ResourceKind::kMutex, i);
  builder.add(thread);
  const Record record = read(builder);
  EXPECT_EQ(progress_depth(record.threads[0].thread.progress), 1000u);
  EXPECT_EQ(record.threads[0].entries.size(), kInlineHolds + kOverflowBlockHolds * kOverflowBlocksPerThread);
}

TEST_F(Reader, LeavesOutFreeSlotsAndFindingsNotYetPublished) {
  RecordBuilder builder = test::two_accounts();
  builder.threads[1].state(ThreadState::kFree);
  builder.findings[0].published = 0;
  const Record record = read(builder);
  ASSERT_EQ(record.threads.size(), 2u);
  EXPECT_EQ(record.threads[1].slot, 2u);
  EXPECT_TRUE(record.findings.empty());
  EXPECT_EQ(count_findings(path_), 0u);
}

TEST_F(Reader, EndsStringsThatAreNotTerminated) {
  RecordBuilder builder = test::two_accounts();
  builder.set_program(std::string(sizeof(Header::program), 'p'));
  std::memset(builder.header.arguments, 'a', sizeof builder.header.arguments);
  builder.header.arguments_size = 70'000;
  std::memset(builder.modules[0].path, 'm', sizeof builder.modules[0].path);
  const Record record = read(builder);
  EXPECT_EQ(record.program.size(), sizeof(Header::program));
  ASSERT_EQ(record.arguments.size(), 1u);
  EXPECT_EQ(record.arguments[0].size(), sizeof(Header::arguments));
  EXPECT_EQ(std::strlen(record.modules[0].path), sizeof(ModuleRecord::path) - 1);
}

TEST_F(Reader, KeepsEmptyArguments) {
  RecordBuilder builder;
  builder.set_arguments({"bank", "", "x"});
  EXPECT_EQ(read(builder).arguments, (std::vector<std::string>{"bank", "", "x"}));
}

TEST_F(Reader, IsNotLedInCirclesByHashChains) {
  RecordBuilder builder = test::two_accounts();
  builder.resources[0].next = 2;
  builder.resources[1].next = 1;
  EXPECT_EQ(read(builder).resources.size(), 2u);
}

TEST_F(Reader, RefusesWhatIsNoRecord) {
  EXPECT_TRUE(contains(error(scratch_.file("none.flight")), "No such file"));
  EXPECT_TRUE(contains(error(scratch_.path()), "is a directory"));
  write_bytes("");
  EXPECT_TRUE(contains(error(path_), "is empty"));
  write_bytes(
      "\x7f"
      "ELF and then something else that goes on for a while");
  EXPECT_TRUE(contains(error(path_), "not a Gordian flight record"));
  write_bytes("GOR");
  EXPECT_TRUE(contains(error(path_), "not a Gordian flight record"));
  write_bytes(std::string(8192, '\0'));
  EXPECT_TRUE(contains(error(path_), "not finished starting"));
  // Killed while it wrote its header: everything but the magic is there.
  write_bytes(std::string(8, '\0') + std::string("\1\0\0\0\4\3\2\1", 8) + std::string(8192, '\0'));
  EXPECT_TRUE(contains(error(path_), "not finished starting"));
  const std::string fifo = scratch_.file("fifo");
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  EXPECT_TRUE(contains(error(fifo), "not a regular file"));
}

TEST_F(Reader, SaysThatItMayNotRead) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  test::two_accounts().write(path_);
  ASSERT_EQ(::chmod(path_.c_str(), 0), 0);
  EXPECT_TRUE(contains(error(path_), "Permission denied"));
}

TEST_F(Reader, ShowsAPathWithALineBreakOnOneLine) {
  try {
    read_record("no\nsuch");
    FAIL();
  } catch (const RecordError& e) {
    EXPECT_FALSE(contains(e.what(), "\n"));
  }
}

TEST_F(Reader, RefusesOtherVersionsByteOrdersAndSizes) {
  RecordBuilder builder = test::two_accounts();
  builder.header.version = 7;
  EXPECT_TRUE(contains(error(builder), "version 7"));
  builder = test::two_accounts();
  builder.header.byte_order = 0x04030201;
  EXPECT_TRUE(contains(error(builder), "other byte order"));
  builder.header.byte_order = 0x11111111;
  EXPECT_TRUE(contains(error(builder), "damaged"));
  builder = test::two_accounts();
  builder.header.thread_size = 8192;
  EXPECT_TRUE(contains(error(builder), "damaged"));
}

TEST_F(Reader, RefusesHostileCounts) {
  for (uint32_t Header::*count : {&Header::module_count, &Header::finding_count, &Header::thread_count,
                                  &Header::resource_count, &Header::overflow_count}) {
    RecordBuilder builder = test::two_accounts();
    builder.count_all = false;
    builder.header.*count = UINT32_MAX;
    EXPECT_TRUE(contains(error(builder), "damaged"));
  }
  RecordBuilder members = test::two_accounts();
  members.findings[0].member_count = kMaxMembers + 1;
  EXPECT_TRUE(contains(error(members), "more members"));
  RecordBuilder rule = test::two_accounts();
  rule.findings[0].rule = 999;
  EXPECT_TRUE(contains(error(rule), "rule"));
  RecordBuilder frames = test::two_accounts();
  frames.threads[0].thread.frame_count = 1'000'000;
  EXPECT_TRUE(contains(error(frames), "stack frames"));
  RecordBuilder state = test::two_accounts();
  state.threads[0].thread.state = 77;
  EXPECT_TRUE(contains(error(state), "state"));
}

TEST_F(Reader, AllowsForWritersThatTakeTheirCountBack) {
  RecordBuilder builder;
  builder.count_all = false;
  builder.header.resource_count = kMaxResources + 3;
  EXPECT_EQ(read(builder).header.resource_count, kMaxResources);
}

TEST_F(Reader, RefusesAnOverflowBlockThatCannotExist) {
  RecordBuilder builder;
  ThreadBuilder thread(1, "deep");
  for (uint64_t i = 0; i < kInlineHolds; ++i) thread.holds(ResourceKind::kMutex, i);
  thread.thread.progress += 1;
  thread.thread.overflow_blocks[0] = UINT32_MAX;
  builder.add(thread);
  EXPECT_TRUE(contains(error(builder), "overflow block"));
}

TEST_F(Reader, AcceptsCountsOverHolesAsNothing) {
  RecordBuilder builder;
  builder.count_all = false;
  builder.header.thread_count = kMaxThreads;
  builder.header.resource_count = kMaxResources;
  builder.header.finding_count = kMaxFindings;
  builder.header.module_count = kMaxModules;
  const Record record = read(builder);
  EXPECT_TRUE(record.threads.empty());
  EXPECT_TRUE(record.resources.empty());
  EXPECT_TRUE(record.findings.empty());
  EXPECT_TRUE(record.modules.empty());
}

TEST_F(Reader, LinesOfResourcesKeepTheirPlaces) {
  RecordBuilder builder = test::two_accounts();
  builder.resources[0].kind = 99;
  const Record record = read(builder);
  ASSERT_EQ(record.resources.size(), 2u);
  EXPECT_EQ(record.resources[0].kind, 0);
  EXPECT_EQ(record.resources[0].address, 0u);
  EXPECT_EQ(record.resources[1].address, 0x4040u);
}

}  // namespace
}  // namespace gordian::record
