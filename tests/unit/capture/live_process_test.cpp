#include "analyzer/capture/live_process.h"

#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>

#include <thread>

#include "tests/unit/record_builder.h"

namespace gordian::capture {
namespace {

uint64_t now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(t.tv_nsec);
}

// A record that this very process could have written.
record::Record own_record() {
  record::Record record{};
  record.header.pid = static_cast<uint32_t>(::getpid());
  record.header.attached_ns = now();
  return record;
}

const symbols::Mapping& own_program(const std::vector<symbols::Mapping>& mappings) {
  const std::string path = std::filesystem::read_symlink("/proc/self/exe");
  return *std::find_if(mappings.begin(), mappings.end(),
                       [&](const symbols::Mapping& mapping) { return mapping.path == path; });
}

TEST(LiveProcess, FindsItselfAndItsFiles) {
  record::Record record = own_record();
  const LiveProcess process = find_live_process(record);
  ASSERT_TRUE(process.running);
  const symbols::Mapping program = own_program(process.mappings);
  record::ModuleRecord module = test::make_module(program.start, program.end, program.path);
  module.build_id_size = 1;
  module.build_id[0] = 7;
  record.modules.push_back(module);
  const LiveProcess again = find_live_process(record);
  EXPECT_TRUE(again.running);
  EXPECT_EQ(own_program(again.mappings).build_id, std::vector<uint8_t>{7});
}

TEST(LiveProcess, DoesNotTakeAnotherImageForIt) {
  record::Record record = own_record();
  record.modules.push_back(test::make_module(0x1000, 0x2000, "/usr/bin/bank"));
  EXPECT_FALSE(find_live_process(record).running);
}

TEST(LiveProcess, DoesNotTakeALaterProcessOfTheSamePidForIt) {
  record::Record record = own_record();
  record.header.attached_ns = 1;
  timespec boot{}, monotonic{};
  ::clock_gettime(CLOCK_BOOTTIME, &boot);
  ::clock_gettime(CLOCK_MONOTONIC, &monotonic);
  if (boot.tv_sec - monotonic.tv_sec > 1)
    GTEST_SKIP() << "the machine has slept, so the start is not known to the second";
  EXPECT_FALSE(find_live_process(record).running);
  record.header.attached_ns = now() + 3'600'000'000'000;  // an earlier boot
  EXPECT_FALSE(find_live_process(record).running);
}

TEST(LiveProcess, KnowsThatAProcessIsGone) {
  record::Record record = own_record();
  record.header.pid = 0x7ffffff0;
  EXPECT_FALSE(find_live_process(record).running);
  record.header.pid = 0;
  EXPECT_FALSE(find_live_process(record).running);
}

// A process whose first thread has ended, and whose other one waits to be told to end.
class HeadlessProcess {
 public:
  HeadlessProcess() {
    EXPECT_EQ(::pipe(pipe_), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(pipe_[1]);
      std::thread([this] {
        char byte;
        ::_exit(::read(pipe_[0], &byte, 1) == 0 ? 0 : 1);
      }).detach();
      ::syscall(SYS_exit, 0);  // this thread alone, without unwinding into the test
    }
    ::close(pipe_[0]);
    // Till its first thread is a zombie: nobody tells.
    for (int tries = 0; tries < 5000 && state() != 'Z'; ++tries) ::usleep(1000);
  }
  ~HeadlessProcess() {
    ::kill(pid_, SIGKILL);
    reap();
  }

  uint32_t pid() const { return static_cast<uint32_t>(pid_); }

  char state() const {
    std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
    std::string text{std::istreambuf_iterator<char>(file), {}};
    return text[text.rfind(')') + 2];
  }

  // Ended and not reaped.
  void end() {
    ::close(pipe_[1]);
    siginfo_t info;
    ::waitid(P_PID, pid(), &info, WEXITED | WNOWAIT);
  }

 private:
  void reap() { ::waitpid(pid_, nullptr, 0); }

  int pipe_[2];
  pid_t pid_;
};

TEST(LiveProcess, RunsOnWhenItsFirstThreadHasEnded) {
  HeadlessProcess process;
  ASSERT_EQ(process.state(), 'Z');
  record::Record record = own_record();
  record.header.pid = process.pid();
  EXPECT_TRUE(find_live_process(record).running);
  process.end();
  EXPECT_FALSE(find_live_process(record).running);
}

TEST(LiveProcess, ReadsMaps) {
  const std::vector<symbols::Mapping> mappings = parse_maps(
      "55d0c8a00000-55d0c8a01000 r-xp 00001000 fe:01 123   /opt/my programs/bank\n"
      "55d0c8b00000-55d0c8b01000 rw-p 00000000 00:00 0     [heap]\n"
      "7f0000000000-7f0000001000 rw-p 00000000 00:00 0 \n"
      "7f0000002000-7f0000003000 r--p 00000000 fe:01 124   /usr/lib/old.so (deleted)\n"
      "nonsense\n");
  ASSERT_EQ(mappings.size(), 2u);
  EXPECT_EQ(mappings[0].start, 0x55d0c8a00000u);
  EXPECT_EQ(mappings[0].end, 0x55d0c8a01000u);
  EXPECT_EQ(mappings[0].file_offset, 0x1000u);
  EXPECT_EQ(mappings[0].path, "/opt/my programs/bank");
  EXPECT_EQ(mappings[1].path, "/usr/lib/old.so");
}

}  // namespace
}  // namespace gordian::capture
