#include "analyzer/cli/child.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "tests/unit/cli/scratch.h"

namespace gordian::cli {
namespace {

Launch shell(const std::string& script) {
  return {.file = "/bin/sh", .arguments = {"sh", "-c", script}, .environment = {}};
}

int run_to_the_end(const Launch& launch) {
  record::Control control{};
  Child child(launch, control);
  while (true) {
    const uint32_t seen = read_news(control);
    if (const auto status = child.ended()) return *status;
    wait_for_news(control, seen);
  }
}

TEST(Child, ItsExitCodeAndItsSignalAreTold) {
  EXPECT_EQ(exit_code_of(run_to_the_end(shell("exit 7"))), 7);
  EXPECT_EQ(exit_code_of(run_to_the_end(shell("kill -9 $$"))), 137);
}

TEST(Child, ItsEndIsNews) {
  record::Control control{};
  Child child(shell("exit 0"), control);
  while (!child.ended()) wait_for_news(control, 0);
  EXPECT_EQ(child.ended(), 0) << "asked again, it says the same";
  EXPECT_GE(read_news(control), 1u);
}

TEST(Child, GetsTheEnvironmentWithOursOnTop) {
  Scratch scratch;
  setenv("GORDIAN_TEST_KEPT", "kept", 1);
  setenv("GORDIAN_TEST_SET", "before", 1);
  Launch launch = shell("echo $GORDIAN_TEST_KEPT $GORDIAN_TEST_SET > " + (scratch / "out"));
  launch.environment = {{"GORDIAN_TEST_SET", "after"}};
  EXPECT_EQ(run_to_the_end(launch), 0);
  EXPECT_EQ(read_whole(scratch / "out"), "kept after\n");
}

TEST(Child, FindsTheSignalsAsTheLauncherFoundThem) {
  Scratch scratch;
  // Field SigIgn and SigBlk of the child are those of this process before.
  const Launch launch = {.file = "/bin/sed",
                         .arguments = {"sed", "-n", "w " + (scratch / "child"), "/proc/self/status"},
                         .environment = {}};
  const std::string own = read_whole("/proc/self/status");
  EXPECT_EQ(run_to_the_end(launch), 0);
  const std::string child = read_whole(scratch / "child");
  for (const char* field : {"SigIgn:", "SigBlk:"}) {
    EXPECT_EQ(child.substr(child.find(field), 24), own.substr(own.find(field), 24));
  }
  EXPECT_EQ(read_whole("/proc/self/status").substr(own.find("SigIgn:"), 24),
            own.substr(own.find("SigIgn:"), 24));
}

TEST(Child, SharesGroupAndSession) {
  EXPECT_EQ(run_to_the_end(shell("test $(ps -o pgid= -p $$ 2>/dev/null || cut -d' ' -f5 /proc/$$/stat) -eq " +
                                 std::to_string(getpgrp()))),
            0);
}

TEST(Child, TerminationOfTheLauncherIsPassedOn) {
  Scratch scratch;
  ASSERT_EQ(mkfifo((scratch / "ready").c_str(), 0600), 0);
  record::Control control{};
  Child child(shell("trap 'exit 42' TERM; echo > " + (scratch / "ready") + "; while :; do sleep 0.01; done"),
              control);
  read_whole(scratch / "ready");  // the trap is set
  raise(SIGTERM);
  std::optional<int> status;
  while (!(status = child.ended())) wait_for_news(control, read_news(control));
  EXPECT_EQ(exit_code_of(*status), 42);
}

TEST(Child, InterruptsFromTheTerminalAreLeftToTheProgram) {
  record::Control control{};
  Child child(shell("exit 0"), control);
  raise(SIGINT);
  raise(SIGQUIT);
  while (!child.ended()) wait_for_news(control, read_news(control));
}

TEST(Child, AProgramThatCannotBeExecutedIsOneLine) {
  Scratch scratch;
  record::Control control{};
  const Launch launch = {
      .file = scratch.write("text", "no program", 0755), .arguments = {"text"}, .environment = {}};
  const std::string refusal = refusal_of([&] { Child child(launch, control); });
  EXPECT_EQ(refusal, "cannot start " + launch.file + ": Exec format error; try to start it without gordian");
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1) << "no child is left";
}

}  // namespace
}  // namespace gordian::cli
