#include "analyzer/cli/run_directory.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstring>

#include "tests/unit/cli/scratch.h"

namespace gordian::cli {
namespace {

TEST(RunDirectory, IsPrivateAndHoldsAReservedControlFile) {
  Scratch scratch;
  RunDirectory directory({scratch.path()});
  struct stat status {};
  ASSERT_EQ(stat(directory.path().c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0700u);
  ASSERT_EQ(stat((directory.path() + "/control").c_str(), &status), 0);
  EXPECT_EQ(status.st_size, 4096);
  EXPECT_EQ(status.st_blocks * 512, 4096) << "reserved, not a hole";
  EXPECT_EQ(std::memcmp(directory.control().magic, "GORDCTL\n", 8), 0);
  EXPECT_EQ(directory.control().version, 1u);
  EXPECT_EQ(directory.control().launcher_pid, static_cast<uint32_t>(getpid()));
  EXPECT_EQ(directory.control().news, 0u);
}

TEST(RunDirectory, ControlIsSharedWithWhoeverMapsTheFile) {
  Scratch scratch;
  RunDirectory directory({scratch.path()});
  directory.control().news = 77;
  record::Control read;
  const std::string bytes = read_whole(directory.path() + "/control");
  ASSERT_EQ(bytes.size(), sizeof read);
  std::memcpy(&read, bytes.data(), sizeof read);
  EXPECT_EQ(read.news, 77u);
}

TEST(RunDirectory, GoesWithItsContentUnlessKept) {
  Scratch scratch;
  std::string path;
  {
    RunDirectory directory({scratch.path()});
    path = directory.path();
    std::ofstream(path + "/12.flight") << "x";
  }
  EXPECT_FALSE(std::filesystem::exists(path));
  {
    RunDirectory directory({scratch.path()});
    path = directory.path();
    directory.keep();
  }
  EXPECT_TRUE(std::filesystem::exists(path + "/control"));
}

TEST(RunDirectory, AnUnusableParentIsPassedOver) {
  Scratch scratch;
  RunDirectory directory({"/nonexistent", scratch.path()});
  EXPECT_TRUE(directory.path().starts_with(scratch.path()));
}

TEST(RunDirectory, NoUsableParentIsOneClearLine) {
  const std::string refusal = refusal_of([] { RunDirectory directory({"/nonexistent", "/proc"}); });
  EXPECT_TRUE(contains(refusal, "cannot make the run directory in any of /nonexistent, /proc: ")) << refusal;
  EXPECT_EQ(refusal.find('\n'), std::string::npos);
}

TEST(RunDirectory, ListsRecordsAlone) {
  Scratch scratch;
  RunDirectory directory({scratch.path()});
  for (const char* name : {"20.flight", "3.flight", "report.json", "flight"})
    std::ofstream(directory.path() + '/' + name) << "x";
  EXPECT_EQ(directory.records(),
            (std::vector<std::string>{directory.path() + "/20.flight", directory.path() + "/3.flight"}));
  EXPECT_EQ(pid_of_record("/a/b/3.flight"), 3u);
  EXPECT_EQ(pid_of_record("/a/b/x.flight"), 0u);
}

TEST(ReportDirectory, IsMadeWithItsParents) {
  Scratch scratch;
  prepare_report_directory(scratch / "a/b");
  EXPECT_TRUE(std::filesystem::is_directory(scratch / "a/b"));
  EXPECT_TRUE(std::filesystem::is_empty(scratch / "a/b")) << "the probe is gone";
}

TEST(ReportDirectory, AFileOrAPlaceThatCannotBeWrittenIsRefused) {
  Scratch scratch;
  scratch.write("file", "x");
  EXPECT_TRUE(contains(refusal_of([&] { prepare_report_directory(scratch / "file"); }), scratch / "file"));
  EXPECT_TRUE(contains(refusal_of([] { prepare_report_directory("/proc/gordian"); }), "/proc/gordian"));
  EXPECT_EQ(read_whole(scratch / "file"), "x");
}

TEST(SparseCopy, KeepsHolesAndContent) {
  Scratch scratch;
  const std::string source = scratch.write("source", "start");
  const int file = open(source.c_str(), O_WRONLY);
  ASSERT_EQ(pwrite(file, "middle", 6, 20 << 20), 6);
  ASSERT_EQ(ftruncate(file, 200 << 20), 0);
  close(file);
  copy_sparsely(source, scratch / "target");
  struct stat status {};
  ASSERT_EQ(stat((scratch / "target").c_str(), &status), 0);
  EXPECT_EQ(status.st_size, 200 << 20);
  EXPECT_LT(status.st_blocks * 512, 1 << 20);
  std::ifstream target(scratch / "target", std::ios::binary);
  std::string bytes(6, '\0');
  target.read(bytes.data(), 5);
  EXPECT_EQ(bytes.substr(0, 5), "start");
  target.seekg(20 << 20);
  target.read(bytes.data(), 6);
  EXPECT_EQ(bytes, "middle");
  EXPECT_FALSE(std::filesystem::exists(scratch / "target.part"));
}

TEST(SparseCopy, AnEmptyFileAndOneThatIsAllHoleAreCopied) {
  Scratch scratch;
  const std::string source = scratch.write("source", "");
  copy_sparsely(source, scratch / "empty");
  EXPECT_EQ(std::filesystem::file_size(scratch / "empty"), 0u);
  std::filesystem::resize_file(source, 1 << 20);
  copy_sparsely(source, scratch / "hole");
  EXPECT_EQ(std::filesystem::file_size(scratch / "hole"), 1u << 20);
}

TEST(SparseCopy, WhatCannotBeCopiedIsRefusedByName) {
  Scratch scratch;
  EXPECT_TRUE(contains(refusal_of([&] { copy_sparsely(scratch / "missing", scratch / "target"); }),
                       scratch / "missing"));
  const std::string source = scratch.write("source", "x");
  EXPECT_TRUE(
      contains(refusal_of([&] { copy_sparsely(source, scratch / "no/target"); }), scratch / "no/target"));
}

}  // namespace
}  // namespace gordian::cli
