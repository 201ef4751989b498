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
                                             {"report", "--format", "xml", "x"},
                                             {"report", "--fail-on", "certain", "x"},
                                             {"report", "--diff", "--lock-order-graph", "x", "y"},
                                             {"report", "--diff", "--baseline", "b", "x", "y"}}) {
    EXPECT_TRUE(contains(refusal_of_command(words), "; try gordian " + words[0] + " --help"))
        << refusal_of_command(words);
  }
}

TEST(CommandLine, MissingAndWrongInputsAreNamed) {
  Scratch scratch;
  EXPECT_TRUE(contains(refusal_of_command({"report", scratch / "missing"}), scratch / "missing"));
  EXPECT_TRUE(contains(refusal_of_command({"report", scratch.path()}), "holds no flight record"));
  EXPECT_TRUE(contains(refusal_of_command({"inspect", "4294967294"}), "there is no process"));
  EXPECT_TRUE(contains(refusal_of_command({"inspect"}), "give a process id"));
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

// A report with one finding of the fingerprint and the grade.
std::string report_with(const std::string& fingerprint, const std::string& grade) {
  return R"({"schema": "gordian-report/1", "findings": [{"rule": "lock-order-inversion", "grade": ")" +
         grade + R"(", "fingerprint": ")" + fingerprint +
         R"(", "summary": "orders conflict", "cycle": [{"waits_for":
         {"stable": "cache_lock"}}]}], "lock_order": {"edges": [{"from": {"stable": "a"}, "to": {"stable": ")" +
         fingerprint + R"("}, "from_mode": "exclusive", "to_mode": "shared"}]}})";
}

TEST(ReportCommand, FailsOnTheGradeThatIsAskedFor) {
  Scratch scratch;
  const std::string possible = scratch.write("a.json", report_with("00000000000000aa", "possible"));
  const std::string unlikely = scratch.write("b.json", report_with("00000000000000aa", "unlikely"));
  EXPECT_EQ(run({"report", possible, "-o", scratch / "out"}), 1);
  EXPECT_EQ(run({"report", possible, "--fail-on", "predicted", "-o", scratch / "out"}), 0);
  EXPECT_EQ(run({"report", unlikely, "-o", scratch / "out"}), 0);
  EXPECT_EQ(run({"report", unlikely, "--fail-on", "unlikely", "-o", scratch / "out"}), 1);
}

TEST(ReportCommand, SuppressedFindingsAreShownAndDoNotCount) {
  Scratch scratch;
  const std::string report = scratch.write("a.json", report_with("00000000000000aa", "possible"));
  const std::string by_name =
      scratch.write("names", "lock-order-inversion:cache_* filled before any thread runs\n");
  const std::string by_digits = scratch.write("digits", "fingerprint 00000000000000ab another\n");
  EXPECT_EQ(run({"report", "--suppressions", by_digits, report, "-o", scratch / "out"}), 1);
  testing::internal::CaptureStderr();
  EXPECT_EQ(run({"report", "--suppressions", by_digits, "--suppressions", by_name, report, "-v", "-o",
                 scratch / "out"}),
            0);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "gordian: " + by_digits +
                ":1: this suppression matched nothing: fingerprint 00000000000000ab another\n");
  const std::string text = read_whole(scratch / "out");
  EXPECT_TRUE(contains(text, "1 finding, all suppressed\n"));
  EXPECT_TRUE(contains(text, "Suppressed: filled before any thread runs\n"));
  const std::string theirs = scratch.write("tsan", "race:x\ndeadlock:cache\n");
  EXPECT_EQ(run({"report", "--tsan-suppressions", theirs, report, "-o", scratch / "out"}), 0);
}

TEST(ReportCommand, OnlyWhatIsNotInTheBaselineCounts) {
  Scratch scratch;
  const std::string old = scratch.write("old.json", report_with("00000000000000aa", "possible"));
  const std::string now = scratch.write("now.json", report_with("00000000000000bb", "possible"));
  EXPECT_EQ(run({"report", old, "--write-baseline", scratch / "baseline", "-o", scratch / "out"}), 1);
  EXPECT_EQ(run({"report", old, "--format", "sarif", "-o", scratch / "baseline.sarif"}), 1);
  for (const std::string& baseline : {old, scratch / "baseline", scratch / "baseline.sarif"}) {
    EXPECT_EQ(run({"report", old, "--baseline", baseline, "-o", scratch / "out"}), 0) << baseline;
    EXPECT_TRUE(contains(read_whole(scratch / "out"), "1 finding, the strongest possible, all known\n"));
    EXPECT_EQ(run({"report", old, now, "--baseline", baseline, "-o", scratch / "out"}), 1) << baseline;
    EXPECT_TRUE(contains(read_whole(scratch / "out"), "2 findings, the strongest possible, 1 known\n"));
    EXPECT_EQ(run({"report", now, "--baseline", baseline, "--format", "sarif", "-o", scratch / "out"}), 1);
    EXPECT_TRUE(contains(read_whole(scratch / "out"), "\"baselineState\": \"absent\""));
    EXPECT_TRUE(contains(read_whole(scratch / "out"), "\"baselineState\": \"new\""));
  }
}

TEST(ReportCommand, OfAnInputThatCannotBeReadNothingIsConcluded) {
  Scratch scratch;
  const std::string old = scratch.write("old.json", report_with("00000000000000aa", "possible"));
  const std::string now = scratch.write("now.json", report_with("00000000000000bb", "possible"));
  const std::string bad = scratch.write("bad.json", "{");
  testing::internal::CaptureStderr();
  EXPECT_EQ(run({"report", now, bad, "--write-baseline", scratch / "baseline", "-o", scratch / "out"}), 2);
  EXPECT_TRUE(contains(testing::internal::GetCapturedStderr(), "baseline is not written"));
  EXPECT_FALSE(std::filesystem::exists(scratch / "baseline"));
  testing::internal::CaptureStderr();
  EXPECT_EQ(run({"report", now, bad, "--baseline", old, "--format", "sarif", "-o", scratch / "out"}), 2);
  EXPECT_TRUE(contains(testing::internal::GetCapturedStderr(), "bad.json"));
  EXPECT_TRUE(contains(read_whole(scratch / "out"), "\"executionSuccessful\": false"));
  EXPECT_FALSE(contains(read_whole(scratch / "out"), "absent"));
}

TEST(ReportCommand, TheDifferenceFailsForWhatIsNew) {
  Scratch scratch;
  const std::string old = scratch.write("old.json", report_with("00000000000000aa", "possible"));
  const std::string now = scratch.write("now.json", report_with("00000000000000bb", "unlikely"));
  const std::string empty = scratch.write("empty.json", R"({"schema": "gordian-report/1"})");
  EXPECT_EQ(run({"report", "--diff", old, old, "-o", scratch / "out"}), 0);
  EXPECT_EQ(read_whole(scratch / "out"), "0 new findings, 0 gone; 0 new lock orders, 0 gone\n");
  EXPECT_EQ(run({"report", "--diff", old, empty, "-o", scratch / "out"}), 0) << "what is gone fails nothing";
  EXPECT_EQ(run({"report", "--diff", old, now, "-o", scratch / "out"}), 1) << "a new lock order";
  const std::string text = read_whole(scratch / "out");
  EXPECT_TRUE(contains(text, "1 new finding, 1 gone; 1 new lock order, 1 gone\n"));
  EXPECT_TRUE(contains(text, "\n  + a -> 00000000000000bb  [exclusive, shared] in ??\n"));
  EXPECT_EQ(run({"report", "--diff", old, now, "--format", "json", "-o", scratch / "out"}), 1);
  EXPECT_TRUE(contains(read_whole(scratch / "out"), "\"schema\": \"gordian-difference/1\""));
}

TEST(ReportCommand, ADirectoryWithoutRecordsStandsForItsReport) {
  Scratch scratch;
  std::filesystem::create_directory(scratch / "run");
  scratch.write("run/report.json", report_with("00000000000000aa", "possible"));
  EXPECT_EQ(run({"report", "--diff", scratch / "run", scratch / "run", "-o", scratch / "out"}), 0);
}

TEST(ReportCommand, TheLockOrderGraphIsAListAndFailsNothing) {
  Scratch scratch;
  const std::string report = scratch.write("a.json", report_with("00000000000000aa", "proven"));
  EXPECT_EQ(run({"report", "--lock-order-graph", report, "-o", scratch / "out"}), 0);
  EXPECT_TRUE(contains(read_whole(scratch / "out"), "\na -> 00000000000000aa  [exclusive, shared] in ??\n"));
  EXPECT_EQ(run({"report", "--lock-order-graph", "--format", "dot", report, "-o", scratch / "out"}), 0);
  EXPECT_TRUE(contains(read_whole(scratch / "out"), "digraph lock_order {\n"));
  EXPECT_TRUE(contains(refusal_of_command({"report", "--lock-order-graph", "--format", "sarif", report}),
                       "; choose"));
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
  options.trace_limit_mib = 64;
  EXPECT_EQ(hooks_options(options, "/d", "/t/a.trace"),
            "dir=/d:on-deadlock=report:stack-depth=4:no-follow=1:trace-limit=64:trace=/t/a.trace");
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
  const auto find_tracing = [&] { return find_hooks_library(scratch / "bin", HooksLibrary::kTracing); };
  EXPECT_TRUE(contains(refusal_of(find_tracing), "build the target gordian-trace-hooks"));
  const std::string tracing = scratch.write("lib/gordian/libgordian-trace-hooks.so", "x");
  EXPECT_EQ(find_tracing(), std::filesystem::canonical(tracing));
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
