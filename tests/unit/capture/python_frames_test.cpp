// Python frames of a real interpreter whose threads are deadlocked on each other's locks.
//
// GORDIAN_TEST_PYTHON names another interpreter than /usr/bin/python3.
#include "analyzer/capture/python_frames.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace gordian::capture {
namespace {

constexpr const char* kDeadlock = R"python(
import faulthandler, signal, sys, threading
signal.alarm(120)  # nothing outlives the test
faulthandler.register(signal.SIGUSR1, file=sys.stdout, all_threads=True)
first, second = threading.Lock(), threading.Lock()
met = threading.Barrier(2)

class Bank:
    def transfer(self, mine, other):
        with mine:
            met.wait()
            total = sum(
                amount for amount in
                self.amounts(other)  # MARK amounts
            )  # a statement over several lines

    def amounts(self, other):
        yield 1
        with other:  # MARK blocked
            yield 2

def начало(mine, other):
    def inner():
        return Bank().transfer(mine, other)  # MARK inner
    inner()  # MARK outer

one = threading.Thread(target=начало, args=(first, second))
two = threading.Thread(target=начало, args=(second, first))
one.start()
two.start()
print(one.native_id, two.native_id, flush=True)
one.join()  # MARK join
)python";

constexpr const char* kFork = R"python(
import os, signal, threading
signal.alarm(120)
lock = threading.Lock()
lock.acquire()
child = os.fork()
if child == 0:
    signal.alarm(120)
    print(os.getpid(), os.getpid(), flush=True)
    lock.acquire()  # MARK child
os.waitpid(child, 0)
)python";

std::string interpreter() {
  const char* given = std::getenv("GORDIAN_TEST_PYTHON");
  return given != nullptr ? given : "/usr/bin/python3";
}

uint32_t marked_line(const std::string& script, const std::string& mark) {
  std::istringstream lines(script);
  uint32_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line.ends_with("# MARK " + mark)) return number;
  }
  return 0;
}

// A script in an interpreter of its own; killed and reaped at the end.
class PythonProgram {
 public:
  explicit PythonProgram(const std::string& script) {
    std::string pattern = (std::filesystem::temp_directory_path() / "gordian-python-XXXXXX").string();
    directory_ = mkdtemp(pattern.data());
    path_ = directory_ + "/банк_\U0001F3E6.py";
    std::ofstream(path_) << script;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) return;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    std::string program = interpreter();
    char* arguments[] = {program.data(), path_.data(), nullptr};
    if (posix_spawn(&pid_, program.c_str(), &actions, nullptr, arguments, environ) != 0) pid_ = 0;
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_ = ends[0];
  }

  ~PythonProgram() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
    }
    if (output_ >= 0) close(output_);
    std::error_code ignored;
    std::filesystem::remove_all(directory_, ignored);
  }

  PythonProgram(const PythonProgram&) = delete;
  PythonProgram& operator=(const PythonProgram&) = delete;

  // The two numbers that the script prints when it is ready; it has started its threads by then.
  std::pair<uint32_t, uint32_t> wait_until_ready() {
    std::istringstream numbers(read_line());
    std::pair<uint32_t, uint32_t> ids{0, 0};
    numbers >> ids.first >> ids.second;
    return ids;
  }

  std::string read_line() {
    std::string line;
    for (char c = 0; read(output_, &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }

  uint32_t pid() const { return static_cast<uint32_t>(pid_); }
  const std::string& path() const { return path_; }

 private:
  pid_t pid_ = 0;
  int output_ = -1;
  std::string directory_;
  std::string path_;
};

// Reads until each of the threads stands at `line`: the way there takes a moment, being there lasts for ever.
PythonFrames read_when_blocked(uint32_t pid, const std::set<uint32_t>& tids, uint32_t line) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  PythonFrames frames;
  while (std::chrono::steady_clock::now() < deadline) {
    frames = read_python_frames(pid);
    bool all = true;
    for (uint32_t tid : tids) {
      const auto found = frames.by_tid.find(tid);
      all = all && found != frames.by_tid.end() && found->second.front().line == line;
    }
    if (all) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return frames;
}

class PythonFramesOfAProcess : public ::testing::Test {
 protected:
  void SetUp() override {
    if (access(interpreter().c_str(), X_OK) != 0) GTEST_SKIP() << interpreter() << " is not there";
  }
};

TEST_F(PythonFramesOfAProcess, DeadlockedThreadsShowTheirFunctionsFilesAndLines) {
  PythonProgram program(kDeadlock);
  const auto [one, two] = program.wait_until_ready();
  ASSERT_NE(one, 0u);
  const PythonFrames frames = read_when_blocked(program.pid(), {one, two}, marked_line(kDeadlock, "blocked"));
  ASSERT_EQ(frames.by_tid.size(), 3u) << frames.reason;
  EXPECT_EQ(frames.reason, "");
  for (uint32_t tid : {one, two}) {
    const finding::Stack& stack = frames.by_tid.at(tid);
    ASSERT_GE(stack.size(), 7u);
    EXPECT_EQ(stack[0].function, "Bank.amounts");
    EXPECT_EQ(stack[0].line, marked_line(kDeadlock, "blocked"));
    EXPECT_EQ(stack[1].function, "Bank.transfer.<locals>.<genexpr>");
    EXPECT_EQ(stack[2].function, "Bank.transfer");
    EXPECT_EQ(stack[3].function, "начало.<locals>.inner");
    EXPECT_EQ(stack[3].line, marked_line(kDeadlock, "inner"));
    EXPECT_EQ(stack[3].column, 16u);
    EXPECT_EQ(stack[4].function, "начало");
    EXPECT_EQ(stack[4].line, marked_line(kDeadlock, "outer"));
    for (size_t i = 0; i < 5; ++i) EXPECT_EQ(stack[i].file, program.path()) << i;
    for (const finding::Frame& frame : stack) EXPECT_EQ(frame.language, "python");
    EXPECT_EQ(stack[5].function, "Thread.run");
    EXPECT_TRUE(stack[5].file.ends_with("/threading.py")) << stack[5].file;
  }
}

// CPython's own crash handler walks the same stacks from inside.
TEST_F(PythonFramesOfAProcess, EveryLineIsTheOneThatTheInterpreterItselfPrints) {
  PythonProgram program(kDeadlock);
  const auto [one, two] = program.wait_until_ready();
  read_when_blocked(program.pid(), {one, two}, marked_line(kDeadlock, "blocked"));
  const std::string join = std::to_string(marked_line(kDeadlock, "join"));
  std::multiset<std::string> ours;
  size_t frames = 0;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  std::multiset<std::string> before;
  for (int unchanged = 0; unchanged < 10 && std::chrono::steady_clock::now() < deadline;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    before.swap(ours);
    ours.clear();
    frames = 0;
    bool is_joining = false;
    for (const auto& [tid, stack] : read_python_frames(program.pid()).by_tid) {
      std::string lines;
      for (const finding::Frame& frame : stack) lines += " " + std::to_string(frame.line);
      frames += stack.size();
      is_joining = is_joining || (tid == program.pid() && stack.size() > 1 && lines.ends_with(" " + join));
      ours.insert(lines);
    }
    // The main thread reaches its join in its own time.
    unchanged = is_joining && ours == before ? unchanged + 1 : 0;
  }
  ASSERT_EQ(ours.size(), 3u);
  ASSERT_EQ(kill(static_cast<pid_t>(program.pid()), SIGUSR1), 0);
  std::multiset<std::string> theirs;
  std::string lines;
  for (size_t seen = 0; seen < frames;) {
    const std::string line = program.read_line();
    const size_t at = line.find("\", line ");
    if (at != std::string::npos) {
      lines += " " + std::to_string(std::strtoul(line.c_str() + at + 8, nullptr, 10));
      ++seen;
    } else if (line.find("hread 0x") != std::string::npos || line.empty()) {
      if (!lines.empty()) theirs.insert(lines);
      lines.clear();
      if (line.empty() && theirs.size() == ours.size()) break;
    }
  }
  if (!lines.empty()) theirs.insert(lines);
  EXPECT_EQ(ours, theirs);
}

TEST_F(PythonFramesOfAProcess, TheMainThreadIsSeenWaitingInTheModule) {
  PythonProgram program(kDeadlock);
  program.wait_until_ready();
  const uint32_t join = marked_line(kDeadlock, "join");
  finding::Stack stack;
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (std::chrono::steady_clock::now() < deadline && (stack.size() < 2 || stack.back().line != join)) {
    stack = read_python_frames(program.pid()).by_tid[program.pid()];
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  ASSERT_GE(stack.size(), 2u);
  EXPECT_EQ(stack.back().function, "<module>");
  EXPECT_EQ(stack.back().line, join);
  EXPECT_EQ(stack[stack.size() - 2].function, "Thread.join");
}

TEST_F(PythonFramesOfAProcess, AForkedChildIsReadToo) {
  PythonProgram program(kFork);
  const uint32_t child = program.wait_until_ready().first;
  ASSERT_NE(child, 0u);
  const PythonFrames frames = read_when_blocked(child, {child}, marked_line(kFork, "child"));
  kill(static_cast<pid_t>(child), SIGKILL);
  ASSERT_EQ(frames.by_tid.size(), 1u) << frames.reason;
  EXPECT_EQ(frames.by_tid.at(child).front().function, "<module>");
  EXPECT_EQ(frames.by_tid.at(child).front().line, marked_line(kFork, "child"));
}

TEST_F(PythonFramesOfAProcess, ReadingABusyProgramNeverFails) {
  PythonProgram program(R"python(
import signal, threading
signal.alarm(120)
def down(depth):
    return 0 if depth == 0 else 1 + down(depth - 1)
def run():
    while True:
        down(50)
for i in range(3):
    threading.Thread(target=run, daemon=True).start()
print(1, 2, flush=True)
run()
)python");
  program.wait_until_ready();
  for (int i = 0; i < 200; ++i) {
    for (const auto& [tid, stack] : read_python_frames(program.pid()).by_tid) {
      for (const finding::Frame& frame : stack) EXPECT_FALSE(frame.function.empty());
    }
  }
}

TEST_F(PythonFramesOfAProcess, WithoutPermissionTheReasonSaysSo) {
  if (geteuid() != 0) GTEST_SKIP() << "needs root, to become someone else";
  PythonProgram program(kDeadlock);
  program.wait_until_ready();
  const pid_t child = fork();
  if (child == 0) {
    if (setgid(65534) != 0 || setuid(65534) != 0) _exit(3);
    const PythonFrames frames = read_python_frames(program.pid());
    const bool is_told = frames.reason.find("permission") != std::string::npos ||
                         frames.reason.find("another user") != std::string::npos;
    _exit(frames.by_tid.empty() && is_told ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(PythonFramesOfOtherProcesses, AProgramWithoutPythonHasAReason) {
  const PythonFrames frames = read_python_frames(static_cast<uint32_t>(getpid()));
  EXPECT_TRUE(frames.by_tid.empty());
  EXPECT_TRUE(frames.reason.starts_with("no CPython")) << frames.reason;
}

TEST(PythonFramesOfOtherProcesses, AProcessThatDoesNotExistHasAReason) {
  const PythonFrames frames = read_python_frames(4'194'305);  // beyond the largest pid of Linux
  EXPECT_TRUE(frames.by_tid.empty());
  EXPECT_TRUE(frames.reason.starts_with("there is no process 4194305")) << frames.reason;
}

}  // namespace
}  // namespace gordian::capture
