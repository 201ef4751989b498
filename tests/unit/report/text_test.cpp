#include "analyzer/report/text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "analyzer/report/writer.h"
#include "tests/unit/contains.h"
#include "tests/unit/report/example.h"
#include "tests/unit/static_findings.h"

namespace gordian::report {
namespace {

using finding::Grade;

using test::contains;

TEST(FindingText, ReadsAsItShould) {
  TextOptions options;
  options.base_directory = "/opt/bank";
  EXPECT_EQ(render_finding_text(make_deadlock(), options),
            R"(deadlock, proven: 2 threads wait for each other

  Thread "alice" (tid 102, pid 100), started in transfer_loop()
    waits for accounts[1].lock (mutex), held by "bob" (tid 103), for 523 ms, at
      #0  std::mutex::lock() at /usr/include/c++/12/bits/std_mutex.h:100
      #1  transfer(int, int) at bank.cpp:41
    holds accounts[0].lock (mutex), acquired at
      #0  transfer(int, int) at bank.cpp:40

  Thread "bob" (tid 103, pid 100)
    waits for accounts[0].lock (mutex), held by "alice" (tid 102), for 1 min 01 s, at
      #0  std::mutex::lock() at /usr/include/c++/12/bits/std_mutex.h:100
      #1  transfer(int, int) at bank.cpp:41
    holds accounts[1].lock (mutex), acquired at
      #0  transfer(int, int) at bank.cpp:40

  The four conditions of a deadlock
    ✓ mutual exclusion: both are mutexes
    ✓ hold and wait: each holds one and waits for the other
    ✓ no preemption: no wait ends by itself
    ✓ circular wait: alice, bob, alice

  Fix: Take accounts[0].lock before accounts[1].lock everywhere.
  Fingerprint: 5b1f0c9a
)");
}

TEST(FindingText, HasNoEscapeSequencesUnlessColourIsAskedFor) {
  EXPECT_FALSE(contains(render_text(make_report(), {}), "\x1b"));
  EXPECT_TRUE(contains(render_text(make_report(), {.colour = true}), "\x1b[1;31mdeadlock, proven: \x1b[0m"));
}

TEST(FindingText, AHostileThreadNameReachesNoTerminal) {
  finding::Finding finding = make_deadlock();
  finding.cycle[0].thread.name = "\x1b]0;owned\x07\n\" (tid 1)\x9b\xe2\x80\xae";
  finding.cycle[0].waiting_at[1].function = "f\x1b[2J";
  finding.cycle[0].held_by = "\x1b[31m";
  finding.summary = "\x1b[31m\nforged: line";
  const std::string text = render_finding_text(finding, {});
  EXPECT_FALSE(contains(text, "\x1b"));
  EXPECT_FALSE(contains(text, "\x9b"));
  EXPECT_FALSE(contains(text, "\xe2\x80\xae"));
  EXPECT_TRUE(contains(text, R"(Thread "\x1b]0;owned\x07\n\" (tid 1)\x9b\u{202e}" (tid 102)"));
  EXPECT_FALSE(contains(text, "\nforged"));
}

TEST(FindingText, AFailingConditionIsCrossed) {
  finding::Finding finding = make_deadlock();
  finding.conditions->no_preemption = {false, "alice waits with a timeout"};
  EXPECT_TRUE(contains(render_finding_text(finding, {}), "✗ no preemption: alice waits with a timeout"));
  EXPECT_TRUE(contains(render_finding_text(finding, {.unicode = false}),
                       "no  no preemption: alice waits with a timeout"));
}

TEST(FindingText, TheLinkAndTheReasonOfAnInferredFindingAreSaid) {
  finding::Finding finding = make_deadlock();
  finding.grade = finding::Grade::kInferred;
  finding.grade_reason = "the semaphore's holder is the one that was seen to take it";
  finding.cycle[0].link = "observed holder";
  finding.cycle[1].link = "left behind by fork";
  const std::string text = render_finding_text(finding, {});
  EXPECT_TRUE(contains(text, "taken by \"bob\" (tid 103) and not given back"));
  EXPECT_TRUE(contains(text, "held by \"alice\" (tid 102), which a fork left behind"));
  EXPECT_TRUE(contains(text, "Why inferred: the semaphore's holder"));
}

TEST(FindingText, WhatIsNotShownIsCounted) {
  finding::Finding finding = make_deadlock();
  finding.members_not_shown = 5;
  finding.waiting_behind = 1;
  finding.occurrences = 3;
  finding.also_in = {200, 201};
  finding.cycle[0].waiting_at.resize(20, make_frame("deep()", "", 0));
  const std::string text = render_finding_text(finding, {.stack_depth = 3});
  EXPECT_TRUE(contains(text, "5 more threads belong to this and are not shown."));
  EXPECT_TRUE(contains(text, "1 more thread waits behind these"));
  EXPECT_TRUE(contains(text, "... 17 more frames"));
  EXPECT_TRUE(contains(text, "Found: 3 times, in pid 100 and in 200, 201"));
}

TEST(FindingText, WithoutNamesItSaysWhatIsKnown) {
  finding::Finding finding = make_deadlock();
  finding.cycle[0].waits_for = {.name = "", .kind = "mutex", .address = 0xabc0, .stable = ""};
  finding.cycle[0].waiting_at = {{.address = 0x1234},
                                 {.address = 0x99, .module = "/lib/libx.so", .module_offset = 0x40}};
  finding.cycle[0].holds[0].acquired_at.clear();
  finding.cycle[1].waiting_at.clear();
  const std::string text = render_finding_text(finding, {});
  EXPECT_TRUE(contains(text, "waits for 0xabc0 (mutex)"));
  EXPECT_TRUE(contains(text, "#0  ?? (0x1234)"));
  EXPECT_TRUE(contains(text, "#1  ?? (libx.so+0x40)"));
  EXPECT_TRUE(contains(text, "(no stack was recorded)"));
}

TEST(FindingText, PythonFramesAreSaidToBePython) {
  finding::Finding finding = make_deadlock();
  finding.cycle[0].waiting_at = {
      {.function = "worker", .file = "/srv/app.py", .line = 12, .language = "python"}};
  EXPECT_TRUE(contains(render_finding_text(finding, {}), "#0  worker at /srv/app.py:12 (python)"));
}

TEST(FindingText, FramesOfTheLibrariesAreFoldedAroundTheProgramsOwn) {
  const finding::Frame lock = make_frame("std::mutex::lock()", "/usr/include/c++/12/bits/std_mutex.h", 100);
  const finding::Frame guard =
      make_frame("std::lock_guard::lock_guard()", "/usr/include/c++/12/bits/std_mutex.h", 229);
  const finding::Frame own = make_frame("transfer()", "/opt/bank/bank.cpp", 41);
  const finding::Frame start = {.module = "/lib/x86_64-linux-gnu/libc.so.6",
                                .function = "start_thread",
                                .file = "./nptl/pthread_create.c"};
  finding::Finding finding = make_deadlock();
  finding.cycle[0].waiting_at = {lock, guard, own, lock, own, start, start, start};
  const std::string text = render_finding_text(finding, {});
  EXPECT_TRUE(contains(text,
                       "      #0-#1 std::lock_guard::lock_guard() (2 library frames)\n"
                       "      #2  transfer() at /opt/bank/bank.cpp:41\n"
                       "      #3  std::mutex::lock() at"))
      << text;
  EXPECT_TRUE(contains(text, "      #5-#7 (3 library frames)\n"));
  EXPECT_TRUE(contains(render_finding_text(finding, {.fold_library = false}), "#7  start_thread"));
  finding.cycle[0].waiting_at = {lock, guard};
  EXPECT_TRUE(contains(render_finding_text(finding, {}), "#1  std::lock_guard::lock_guard()"))
      << "nothing else to show";
}

TEST(FindingText, TheSourceLineStandsUnderTheFirstFrameOfTheProgramsOwn) {
  const std::string path = testing::TempDir() + "gordian_excerpt.cpp";
  std::ofstream(path) << "int x;\n\tsecond.lock();\x1b[2J\r\nint y;\n";
  finding::Finding finding = make_deadlock();
  finding.cycle[0].waiting_at[1] = make_frame("transfer(int, int)", path, 2);
  const std::string text = render_finding_text(finding, {});
  EXPECT_TRUE(contains(text, ":2\n             2 |     second.lock();\\x1b[2J\n")) << text;
  EXPECT_FALSE(contains(render_finding_text(finding, {.excerpts = false}), "second.lock"));
  finding.cycle[0].waiting_at[1].line = 400;
  EXPECT_FALSE(contains(render_finding_text(finding, {}), "second.lock"));
}

TEST(FindingText, ASourcePathThatIsNoFileIsLeftAlone) {
  finding::Finding finding = make_deadlock();
  finding.cycle[0].waiting_at[1].file = "/dev/zero";
  finding.cycle[1].waiting_at[1].file = "/";
  EXPECT_TRUE(contains(render_finding_text(finding, {}), "/dev/zero:41"));
}

finding::Finding make_conflict(Grade grade) {
  finding::Finding finding = make_deadlock();
  finding.rule = finding::RuleId::kLockOrderInversion;
  finding.grade = grade;
  finding.summary = "\"alice\" takes a and then b, \"bob\" takes b and then a.";
  finding.grade_reason = "Both ways are gone with bank.lock held.";
  for (finding::Step& step : finding.cycle) step.link = "order";
  return finding;
}

TEST(FindingText, AnInversionSaysWhatIsTakenWhileWhatIsHeld) {
  const std::string text = render_finding_text(make_conflict(Grade::kPossible), {});
  EXPECT_TRUE(contains(text, "lock-order-inversion, possible: \"alice\" takes a")) << text;
  EXPECT_TRUE(contains(text, "    takes accounts[1].lock (mutex) while it holds accounts[0].lock, at\n"));
  EXPECT_TRUE(contains(text, "    holds accounts[0].lock (mutex), acquired at\n"));
  EXPECT_FALSE(contains(text, "waits for accounts"));
  EXPECT_TRUE(contains(text, "circular wait:"));
}

TEST(FindingText, AnInversionThroughAJoinSaysSo) {
  finding::Finding finding = make_conflict(Grade::kPossible);
  finding.cycle[0].waits_for = {.name = "thread \"bob\"", .kind = "thread"};
  finding.cycle[1].holds[0] = {.resource = {.name = "thread \"bob\"", .kind = "thread"}};
  const std::string text = render_finding_text(finding, {});
  EXPECT_TRUE(contains(text, "waits for the end of thread \"bob\" while it holds accounts[0].lock, at"))
      << text;
  EXPECT_TRUE(contains(text, "takes accounts[0].lock (mutex) before it ends, at")) << text;
  EXPECT_FALSE(contains(text, "holds thread"));
}

TEST(ReportText, WhatIsUnlikelyIsCountedApart) {
  finding::Report report = make_report();
  report.findings.push_back(make_conflict(Grade::kUnlikely));
  EXPECT_EQ(headline(report), "2 findings, the strongest proven, 1 unlikely");
  report.findings.erase(report.findings.begin());
  EXPECT_EQ(headline(report), "1 finding, the strongest unlikely");
  report.findings.push_back(make_conflict(Grade::kUnlikely));
  EXPECT_EQ(headline(report), "2 findings, the strongest unlikely");
}

TEST(ReportText, TheFirstLineSaysHowManyAndHowStrong) {
  const std::string text = render_text(make_report(), {});
  EXPECT_EQ(text.substr(0, text.find('\n')), "1 finding, the strongest proven");
  EXPECT_TRUE(contains(text, "Program: /opt/bank/bank 1000 (pid 100), started 2026-01-02T03:04:05Z"));
  EXPECT_TRUE(contains(
      text, "raw futex waits: 3 times; their holder cannot be known; a deadlock through them is not told"));
}

TEST(ReportText, ACleanReportWithBlindSpotsSaysSoFirst) {
  finding::Report report = make_report();
  report.findings.clear();
  EXPECT_EQ(headline(report), "no findings, but 1 thing was not seen:");
  report.unseen.push_back(report.unseen[0]);
  EXPECT_EQ(headline(report), "no findings, but 2 things were not seen:");
  report.unseen.clear();
  EXPECT_EQ(headline(report), "no findings");
}

TEST(ReportText, SuppressedFindingsAreNotTheStrongest) {
  finding::Report report = make_report();
  report.findings[0].suppressed = true;
  EXPECT_EQ(headline(report), "1 finding, all suppressed");
  EXPECT_TRUE(contains(render_text(report, {}), "deadlock, proven, suppressed: "));
}

TEST(ReportText, SuppressedAndUnlikelyFindingsAreShortAndLast) {
  finding::Report report = make_rich_report();
  std::swap(report.findings[0], report.findings[4]);  // as somebody else may have sorted them
  const std::string text = render_text(report, {});
  const size_t last_long = text.find("lock-order-inversion, possible: ");
  const size_t unlikely = text.find("lock-order-inversion, unlikely: ");
  const size_t suppressed = text.find("unlock-not-owner, proven, suppressed: ");
  ASSERT_NE(unlikely, text.npos);
  ASSERT_NE(suppressed, text.npos);
  EXPECT_LT(last_long, std::min(unlikely, suppressed));
  EXPECT_FALSE(contains(text.substr(std::min(unlikely, suppressed)), "Thread "));
  EXPECT_TRUE(contains(text, "  Why unlikely: guard registry_lock is held on both sides\n"));
  EXPECT_TRUE(contains(text, "  Suppressed: the queue is handed over on purpose\n"));
  EXPECT_TRUE(contains(text, "  Fingerprint: 1234567890abcdef\n"));
  const std::string whole = render_text(report, {.brief = false});
  EXPECT_TRUE(contains(whole.substr(whole.find("unlikely: ")), "Thread "));
}

TEST(ReportText, TheFirstLineCountsWhatIsKnownAndSuppressed) {
  finding::Report report = make_rich_report();
  EXPECT_EQ(headline(report), "5 findings, the strongest proven, 1 unlikely, 1 suppressed");
  report.findings[0].baseline = finding::Baseline::kKnown;
  EXPECT_EQ(headline(report), "5 findings, the strongest proven, 1 unlikely, 1 known, 1 suppressed");
  for (finding::Finding& finding : report.findings) finding.baseline = finding::Baseline::kKnown;
  EXPECT_EQ(headline(report), "5 findings, the strongest proven, all known, 1 suppressed");
}

TEST(FindingText, TheScheduleIsNumbered) {
  const std::string text = render_finding_text(make_inversion(), {});
  EXPECT_TRUE(contains(text,
                       "  How it was reached\n"
                       "    1. \"alice\" takes accounts[0].lock\n"
                       "    2. \"bob\" takes accounts[1].lock\n"))
      << text;
  EXPECT_FALSE(contains(render_finding_text(make_deadlock(), {}), "How it was reached"));
}

TEST(FindingText, WhatCameOfAConfirmationIsSaid) {
  EXPECT_TRUE(contains(render_finding_text(make_rich_report().findings[2], {}),
                       "  Tried: not reached, in 20 steered runs: the other could not come\n"));
}

TEST(ThreadText, ShowsStateWaitAndHolds) {
  const finding::Step step = make_deadlock().cycle[0];
  const std::string text = render_thread_text({step.thread, "waiting", {}, step, step.holds}, {});
  EXPECT_TRUE(text.starts_with(
      "Thread \"alice\" (tid 102, pid 100), started in transfer_loop(): waiting\n  waits for "));
  EXPECT_TRUE(contains(text, "\n  holds accounts[0].lock (mutex), acquired at\n"));
  finding::ThreadView idle{{"main", 1, 1, ""}, "running", {}, {}, {}};
  EXPECT_EQ(render_thread_text(idle, {}), "Thread \"main\" (tid 1, pid 1): running\n");
  idle.state = "in a system call";
  idle.at = {{.function = "epoll_wait"}};
  EXPECT_TRUE(contains(render_thread_text(idle, {}), "in a system call, at\n    #0  epoll_wait"))
      << render_thread_text(idle, {});
}

TEST(ThreadText, ThreadsThatStandAtOnePlaceAreShownOnce) {
  finding::Report report;
  report.running = true;
  for (uint32_t tid = 1; tid <= 10; ++tid) {
    finding::Step wait;
    wait.waits_for = {.name = "ready", .kind = "condition"};
    wait.waiting_at = {{.address = 7, .function = "work"}};
    report.threads.push_back({{"worker", tid, 1, ""}, "waiting", {}, wait, {}});
  }
  report.threads.push_back(
      {{"holder", 11, 1, ""}, "running", {}, {}, {{.resource = {.name = "m"}, .mode = "exclusive"}}});
  const std::string text = render_other_threads_text(report, {});
  EXPECT_TRUE(text.starts_with("11 threads of a process that is running\n")) << text;
  EXPECT_TRUE(contains(text, "and like it \"worker\" (tid 2), ")) << text;
  EXPECT_TRUE(contains(text, " and 3 more\n")) << text;
  EXPECT_TRUE(contains(text, "\"holder\" (tid 11")) << text;
}

TEST(Prose, IsWrappedAndHangs) {
  TextOptions options;
  options.width = 30;
  Writer writer(options);
  writer.prose(2, "Fix: ", "one two three four five six seven\neight", Colour::kPlain);
  EXPECT_EQ(writer.take(), "  Fix: one two three four five\n       six seven\n       eight\n");
}

TEST(Duration, IsShortAtEveryScale) {
  EXPECT_EQ(describe_duration(7), "7 ms");
  EXPECT_EQ(describe_duration(12'340), "12.3 s");
  EXPECT_EQ(describe_duration(245'000), "4 min 05 s");
  EXPECT_EQ(describe_duration(7'620'000), "2 h 07 min");
}

TEST(Text, WhatTheStaticPassFoundHasNoThreadsAndNoProcesses) {
  finding::Report report;
  report.program.path = "/src/build";
  report.findings = {finding::static_inversion(), finding::static_race(), finding::static_misuse()};
  report.findings[0].exercised = finding::Exercised{"never exercised", "no run came by"};
  const std::string text = render_text(report, {.base_directory = "/src"});
  for (const char* wanted :
       {"Thread \"saver()\"\n", "takes savings (mutex) while it holds checking, at", "writes total, at",
        "reads total and holds no lock, at", "  A thread\n", "In runs: never exercised: no run came by"}) {
    EXPECT_NE(text.find(wanted), text.npos) << wanted << "\n" << text;
  }
  for (const char* unwanted : {"tid", "pid", "0x0"}) EXPECT_EQ(text.find(unwanted), text.npos) << unwanted;
}

}  // namespace
}  // namespace gordian::report
