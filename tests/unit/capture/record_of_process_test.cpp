#include "analyzer/capture/record_of_process.h"

#include "tests/unit/record_builder.h"

namespace gordian::capture {
namespace {

namespace fs = std::filesystem;

constexpr uint32_t kPid = 4711;
const std::string kItsRoot = "/root";  // of /proc/PID

// A /proc of one process, which has files of our making mapped.
class RecordOfProcess : public testing::Test {
 protected:
  RecordOfProcess() {
    fs::create_directories(process_ + "/map_files");
    fs::create_directories(process_ + kItsRoot + "/dev/shm");
    known_as("4711");
  }

  void known_as(const std::string& pids) {
    std::ofstream(process_ + "/status") << "Name:\tbank\nPid:\t4711\nNSpid:\t" << pids << "\nThreads:\t3\n";
  }

  void map(const std::string& range, const std::string& path) {
    std::ofstream(process_ + "/maps", std::ios::app) << range << " rw-s 00000000 00:17 99   " << path << '\n';
  }

  std::string write_record(const std::string& name, uint32_t pid) {
    test::RecordBuilder builder;
    builder.header.pid = pid;
    builder.write(process_ + name);
    return process_ + name;
  }

  test::ScratchDirectory scratch_;
  std::string process_ = scratch_.file("4711");
};

TEST_F(RecordOfProcess, IsFoundByItsNameWhereTheProcessSeesIt) {
  const std::string path = write_record(kItsRoot + "/dev/shm/4711.flight", kPid);
  map("1000-2000", "/usr/bin/bank");
  map("7f0000000000-7f0010000000", "/dev/shm/4711.flight");
  EXPECT_EQ(record_path_of(kPid, scratch_.path()), path);
}

TEST_F(RecordOfProcess, IsFoundByTheMappingWhenItWasDeleted) {
  const std::string path = write_record("/map_files/7f0000000000-7f0010000000", kPid);
  map("7f0000000000-7f0010000000", "/dev/shm/4711.flight (deleted)");
  EXPECT_EQ(record_path_of(kPid, scratch_.path()), path);
}

TEST_F(RecordOfProcess, IsNotTheFileThatTookTheNameOfADeletedOne) {
  write_record(kItsRoot + "/dev/shm/4711.flight", kPid);
  map("7f0000000000-7f0010000000", "/dev/shm/4711.flight (deleted)");
  EXPECT_EQ(record_path_of(kPid, scratch_.path()), std::nullopt);
}

TEST_F(RecordOfProcess, IsNotTheParentsWhichAForkedChildHasMapped) {
  write_record(kItsRoot + "/dev/shm/4700.flight", 4700);
  map("7f0000000000-7f0010000000", "/dev/shm/4700.flight");
  EXPECT_EQ(record_path_of(kPid, scratch_.path()), std::nullopt);
  const std::string own = write_record(kItsRoot + "/dev/shm/4711.flight", kPid);
  map("7f0020000000-7f0030000000", "/dev/shm/4711.flight");
  EXPECT_EQ(record_path_of(kPid, scratch_.path()), own) << "during the fork it has both";
}

TEST_F(RecordOfProcess, IsTheOneOfThePidThatTheProcessHasInItsContainer) {
  known_as("4711\t31\t7");
  EXPECT_EQ(own_pid_of(kPid, scratch_.path()), 7u);
  const std::string path = write_record(kItsRoot + "/dev/shm/7.flight", 7);
  map("7f0000000000-7f0010000000", "/dev/shm/7.flight");
  EXPECT_EQ(record_path_of(kPid, scratch_.path()), path);
}

TEST_F(RecordOfProcess, IsFoundByAnotherThreadWhenTheFirstHasEnded) {
  std::ofstream(process_ + "/maps");
  fs::create_directories(process_ + "/task/4711");
  fs::create_directories(process_ + "/task/4713");
  process_ = scratch_.file("4713");
  fs::create_directories(process_ + kItsRoot + "/dev/shm");
  const std::string path = write_record(kItsRoot + "/dev/shm/4711.flight", kPid);
  map("7f0000000000-7f0010000000", "/dev/shm/4711.flight");
  EXPECT_EQ(record_path_of(kPid, scratch_.path()), path);
}

TEST_F(RecordOfProcess, MayHaveSpacesInItsPath) {
  fs::create_directories(process_ + kItsRoot + "/my records");
  const std::string path = write_record(kItsRoot + "/my records/4711.flight", kPid);
  map("7f0000000000-7f0010000000", "/my records/4711.flight");
  EXPECT_EQ(record_path_of(kPid, scratch_.path()), path);
}

TEST_F(RecordOfProcess, IsNoFileThatMerelyHasSuchAName) {
  std::ofstream(process_ + kItsRoot + "/dev/shm/4711.flight") << "hello";
  map("7f0000000000-7f0010000000", "/dev/shm/4711.flight");
  map("7f0020000000-7f0030000000", "/dev/shm/missing.flight");
  EXPECT_EQ(record_path_of(kPid, scratch_.path()), std::nullopt);
}

TEST_F(RecordOfProcess, IsNowhereForAProcessThatIsNotThere) {
  EXPECT_EQ(record_path_of(4712, scratch_.path()), std::nullopt);
  EXPECT_EQ(own_pid_of(4712, scratch_.path()), std::nullopt);
  EXPECT_EQ(record_path_of(static_cast<uint32_t>(::getpid())), std::nullopt) << "this test is not preloaded";
}

}  // namespace
}  // namespace gordian::capture
