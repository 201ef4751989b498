#include <gtest/gtest.h>

#include "analyzer/cli/commands.h"
#include "analyzer/cli/hooks_library.h"
#include "analyzer/cli/output.h"
#include "analyzer/cli/run_options.h"
#include "tests/unit/cli/scratch.h"

namespace gordian::cli {
namespace {

int run(std::vector<std::string> words) {
  words.insert(words.begin(), "gordian");
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  return run_command_line(static_cast<int>(arguments.size()), arguments.data());
}

std::string refusal_of_command(std::vector<std::string> words) {
  return refusal_of([&] { run(std::move(words)); });
}

TEST(CommandLine, WhatIsWrongIsNamedAndHelpOffered) {
  EXPECT_EQ(refusal_of_command({}), "no command given; try gordian --help");
  EXPECT_EQ(refusal_of_command({"rnu"}), "there is no command \"rnu\"; try gordian --help");
  EXPECT_EQ(refusal_of_command({"run"}), "no program to run; try gordian run -- ./app");
  EXPECT_EQ(refusal_of_command({"run", "--"}), "no program to run; try gordian run -- ./app");
  EXPECT_EQ(refusal_of_command({"report"}), "RECORD is required; try gordian report --help");
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"run", "--on-deadlock=explode", "--", "x"},
                                             {"run", "--fail-on", "certain", "--", "x"},
                                             {"run", "--error-exitcode", "256", "--", "x"},
                                             {"run", "--stack-depth", "0", "--", "x"},
                                             {"run", "--no-such-option", "--", "x"},
                                             {"report", "--format", "xml", "x"}}) {
    EXPECT_TRUE(contains(refusal_of_command(words), "; try gordian " + words[0] + " --help"))
        << refusal_of_command(words);
  }
}

TEST(CommandLine, MissingAndWrongInputsAreNamed) {
  Scratch scratch;
  EXPECT_TRUE(contains(refusal_of_command({"report", scratch / "missing"}), scratch / "missing"));
  EXPECT_TRUE(contains(refusal_of_command({"report", scratch.path()}), "holds no flight record"));
  EXPECT_TRUE(contains(refusal_of_command({"inspect", "1"}), "not yet processes"));
  EXPECT_TRUE(contains(refusal_of_command({"inspect", scratch.path()}), "is a directory"));
}

TEST(CommandLine, AReportIsReadAndRenderedAgain) {
  Scratch scratch;
  const std::string report = scratch.write("report.json", R"({"schema": "gordian-report/1", "findings": [
      {"rule": "deadlock", "grade": "proven", "fingerprint": "a", "summary": "stuck"}]})");
  const std::string clean = scratch.write("clean.json", R"({"schema": "gordian-report/1"})");
  EXPECT_EQ(run({"report", report, clean, "--output", scratch / "out"}), 1);
  EXPECT_TRUE(contains(read_whole(scratch / "out"), "1 finding, the strongest proven\n"));
  EXPECT_EQ(run({"report", report, report, "--format", "json", "--output", scratch / "out"}), 1);
  EXPECT_TRUE(contains(read_whole(scratch / "out"), "\"occurrences\": 2"));
  EXPECT_EQ(run({"report", clean, "--output", scratch / "out"}), 0);
  EXPECT_EQ(read_whole(scratch / "out"), "no findings\n");
}

TEST(CommandLine, ABadInputSpoilsTheExitCodeButNotTheRest) {
  Scratch scratch;
  const std::string clean = scratch.write("clean.json", R"({"schema": "gordian-report/1"})");
  const std::string bad = scratch.write("bad.json", "{]");
  testing::internal::CaptureStderr();
  EXPECT_EQ(run({"report", bad, clean, "--output", scratch / "out"}), 2);
  EXPECT_TRUE(contains(testing::internal::GetCapturedStderr(), "gordian: " + bad + ": not JSON, or cut off"));
  EXPECT_EQ(read_whole(scratch / "out"), "no findings\n");
}

TEST(CommandLine, EverythingAfterTheDashesIsTheProgramsOwn) {
  const char* words[] = {"gordian", "run", "-q", "--", "grep", "--", "-x", "report"};
  const Arguments arguments = split_arguments(8, const_cast<char**>(words));
  EXPECT_EQ(arguments.own, (std::vector<std::string>{"run", "-q"}));
  EXPECT_EQ(arguments.after_dashes, (std::vector<std::string>{"grep", "--", "-x", "report"}));
}

TEST(RunOptions, AreHandedToTheHooks) {
  RunOptions options;
  EXPECT_EQ(hooks_options(options, "/dev/shm/gordian-a"),
            "dir=/dev/shm/gordian-a:on-deadlock=report:stack-depth=16");
  options.follow = false;
  options.stack_depth = 4;
  EXPECT_EQ(hooks_options(options, "/d"), "dir=/d:on-deadlock=report:stack-depth=4:no-follow=1");
}

TEST(RunOptions, TheExitCodeIsTheProgramsUnlessThereIsSomethingToFailOn) {
  finding::Report report;
  report.findings.resize(1);
  report.findings[0].grade = finding::Grade::kInferred;
  RunOptions options;
  EXPECT_EQ(final_exit_code(options, 3 << 8, report), 3);
  EXPECT_EQ(final_exit_code(options, SIGKILL, report), 137);
  options.error_exit_code = 99;
  EXPECT_EQ(final_exit_code(options, 3 << 8, report), 99);
  EXPECT_EQ(final_exit_code(options, 3 << 8, {}), 3);
  options.fail_on = finding::Grade::kProven;
  EXPECT_EQ(final_exit_code(options, 3 << 8, report), 3);
  report.findings[0].grade = finding::Grade::kProven;
  report.findings[0].suppressed = true;
  EXPECT_EQ(final_exit_code(options, 3 << 8, report), 3);
}

TEST(HooksLibrary, IsFoundBesideTheToolOrUnderLib) {
  Scratch scratch;
  std::filesystem::create_directories(scratch / "bin");
  std::filesystem::create_directories(scratch / "lib/gordian");
  EXPECT_TRUE(contains(refusal_of([&] { find_hooks_library(scratch / "bin"); }),
                       "libgordian-hooks.so is neither in "));
  const std::string installed = scratch.write("lib/gordian/libgordian-hooks.so", "x");
  EXPECT_EQ(find_hooks_library(scratch / "bin"), std::filesystem::canonical(installed));
  const std::string beside = scratch.write("bin/libgordian-hooks.so", "x");
  EXPECT_EQ(find_hooks_library(scratch / "bin"), std::filesystem::canonical(beside));
}

TEST(HooksLibrary, APathThatPreloadingCannotCarryIsRefused) {
  Scratch scratch;
  std::filesystem::create_directories(scratch / "my tools");
  scratch.write("my tools/libgordian-hooks.so", "x");
  EXPECT_TRUE(contains(refusal_of([&] { find_hooks_library(scratch / "my tools"); }), "space or colon"));
}

TEST(HooksLibrary, StandsBeforeWhatWasPreloadedAlready) {
  EXPECT_EQ(preload_value("/h.so", nullptr), "/h.so");
  EXPECT_EQ(preload_value("/h.so", ""), "/h.so");
  EXPECT_EQ(preload_value("/h.so", "/a.so /b.so"), "/h.so:/a.so /b.so");
}

TEST(Output, AFileIsReplacedWholeOrNotAtAll) {
  Scratch scratch;
  const std::string file = scratch.write("report.json", "old");
  write_file_atomically(file, "new");
  EXPECT_EQ(read_whole(file), "new");
  EXPECT_TRUE(contains(refusal_of([&] { write_file_atomically(scratch / "no/file", "x"); }),
                       "cannot write " + (scratch / "no/file")));
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(scratch.path()), {}), 1)
      << "nothing temporary is left";
}

TEST(Output, ColourNeedsATerminalOrAWish) {
  EXPECT_FALSE(text_options_for(-1, ColourWish::kAuto).colour);
  EXPECT_TRUE(text_options_for(-1, ColourWish::kAlways).colour);
  EXPECT_FALSE(text_options_for(2, ColourWish::kNever).colour);
}

}  // namespace
}  // namespace gordian::cli
