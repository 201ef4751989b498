#include "analyzer/finding/merge.h"

#include <gtest/gtest.h>

namespace gordian::finding {
namespace {

Finding make_finding(std::string fingerprint, Grade grade, uint32_t pid) {
  Finding finding;
  finding.fingerprint = std::move(fingerprint);
  finding.grade = grade;
  finding.pid = pid;
  return finding;
}

Report report_of(uint32_t pid, std::vector<Finding> findings) {
  Report report;
  report.program.pid = pid;
  report.findings = std::move(findings);
  return report;
}

TEST(Merge, OfNothingIsAnEmptyReport) {
  const Report merged = merge({});
  EXPECT_TRUE(merged.findings.empty());
  EXPECT_TRUE(merged.other_programs.empty());
  EXPECT_FALSE(worst_grade(merged));
}

TEST(Merge, TheFirstProgramStaysAndTheOthersAreNamed) {
  const Report merged = merge({report_of(10, {}), report_of(11, {}), report_of(12, {})});
  EXPECT_EQ(merged.program.pid, 10u);
  ASSERT_EQ(merged.other_programs.size(), 2u);
  EXPECT_EQ(merged.other_programs[1].pid, 12u);
}

TEST(Merge, TheSameFindingOfThreeProcessesIsOneThatIsCounted) {
  const Report merged = merge({report_of(10, {make_finding("a", Grade::kProven, 10)}),
                               report_of(11, {make_finding("a", Grade::kProven, 11)}),
                               report_of(12, {make_finding("a", Grade::kProven, 12)})});
  ASSERT_EQ(merged.findings.size(), 1u);
  EXPECT_EQ(merged.findings[0].occurrences, 3u);
  EXPECT_EQ(merged.findings[0].pid, 10u);
  EXPECT_EQ(merged.findings[0].also_in, (std::vector<uint32_t>{11, 12}));
}

TEST(Merge, IsTheSameInOneStepOrTwo) {
  const auto a = report_of(10, {make_finding("a", Grade::kProven, 10)});
  const auto b =
      report_of(11, {make_finding("a", Grade::kProven, 11), make_finding("a", Grade::kProven, 11)});
  const auto c = report_of(12, {make_finding("a", Grade::kProven, 12)});
  const Report at_once = merge({a, b, c});
  const Report in_two = merge({merge({a, b}), c});
  ASSERT_EQ(in_two.findings.size(), 1u);
  EXPECT_EQ(in_two.findings[0].occurrences, at_once.findings[0].occurrences);
  EXPECT_EQ(in_two.findings[0].also_in, at_once.findings[0].also_in);
  EXPECT_EQ(in_two.other_programs.size(), at_once.other_programs.size());
}

TEST(Merge, OfTwoGradesTheStrongerSightingIsShown) {
  const Report merged = merge({report_of(10, {make_finding("a", Grade::kInferred, 10)}),
                               report_of(11, {make_finding("a", Grade::kProven, 11)})});
  ASSERT_EQ(merged.findings.size(), 1u);
  EXPECT_EQ(merged.findings[0].grade, Grade::kProven);
  EXPECT_EQ(merged.findings[0].pid, 11u);
  EXPECT_EQ(merged.findings[0].also_in, (std::vector<uint32_t>{10}));
}

TEST(Merge, AnotherRuleIsAnotherFinding) {
  Finding other = make_finding("a", Grade::kProven, 10);
  other.rule = RuleId::kGlobalStall;
  EXPECT_EQ(merge({report_of(10, {make_finding("a", Grade::kProven, 10), other})}).findings.size(), 2u);
}

TEST(Merge, FindingsWithoutFingerprintAreNeverTakenForTheSame) {
  const Report merged =
      merge({report_of(10, {make_finding("", Grade::kProven, 10), make_finding("", Grade::kProven, 10)})});
  EXPECT_EQ(merged.findings.size(), 2u);
}

TEST(Merge, AFindingIsSuppressedOnlyWhenItIsSoEverywhere) {
  Finding suppressed = make_finding("a", Grade::kProven, 10);
  suppressed.suppressed = true;
  const Finding open = make_finding("a", Grade::kProven, 11);
  EXPECT_FALSE(merge({report_of(10, {suppressed}), report_of(11, {open})}).findings[0].suppressed);
  EXPECT_TRUE(merge({report_of(10, {suppressed}), report_of(11, {suppressed})}).findings[0].suppressed);
}

TEST(Merge, AFindingIsKnownOnlyWhenItIsSoEverywhere) {
  Finding known = make_finding("a", Grade::kProven, 10);
  known.baseline = Baseline::kKnown;
  const Finding fresh = make_finding("a", Grade::kProven, 11);
  EXPECT_EQ(merge({report_of(10, {known}), report_of(11, {fresh})}).findings[0].baseline, Baseline::kNew);
  EXPECT_EQ(merge({report_of(10, {known}), report_of(11, {known})}).findings[0].baseline, Baseline::kKnown);
}

TEST(Merge, TheScheduleOfEitherSightingIsKept) {
  Finding witness = make_finding("a", Grade::kPredicted, 10);
  witness.schedule = {"first", "second"};
  const Finding stronger = make_finding("a", Grade::kConfirmed, 11);
  const Report merged = merge({report_of(10, {witness}), report_of(11, {stronger})});
  EXPECT_EQ(merged.findings[0].grade, Grade::kConfirmed);
  EXPECT_EQ(merged.findings[0].schedule.size(), 2u);
}

TEST(Merge, WhatCameOfAConfirmationIsKept) {
  Finding tried = make_finding("a", Grade::kPossible, 11);
  tried.confirmation = Confirmation{.outcome = "not reached"};
  const Finding untried = make_finding("a", Grade::kPossible, 10);
  const Report merged = merge({report_of(10, {untried}), report_of(11, {tried})});
  ASSERT_TRUE(merged.findings[0].confirmation);
  EXPECT_EQ(merged.findings[0].confirmation->outcome, "not reached");
}

TEST(Merge, UnseenOfTheSameReasonIsAddedUp) {
  Report left = report_of(10, {});
  left.unseen = {{"raw futex", 3, "why", "then"}};
  Report right = report_of(11, {});
  right.unseen = {{"raw futex", 4, "why", "then"}, {"raw futex", 1, "another why", "then"}};
  const Report merged = merge({left, right});
  ASSERT_EQ(merged.unseen.size(), 2u);
  EXPECT_EQ(merged.unseen[0].count, 7u);
}

TEST(Merge, ARecordBesideTheReportThatWasMadeOfItCountsNothingTwice) {
  Report record = report_of(10, {make_finding("a", Grade::kProven, 10)});
  record.program.started = "2026-01-02T03:04:05Z";
  record.unseen = {{"raw futex", 3, "why", "then"}};
  Report other = report_of(11, {make_finding("a", Grade::kProven, 11)});
  other.program.started = "2026-01-02T03:04:06Z";
  const Report whole = merge({record, other});
  const Report merged = merge({whole, record, other, record});
  ASSERT_EQ(merged.findings.size(), 1u);
  EXPECT_EQ(merged.findings[0].occurrences, 2u);
  EXPECT_EQ(merged.other_programs.size(), 1u);
  EXPECT_EQ(merged.unseen[0].count, 3u);
}

TEST(Sort, StrongestFirstSuppressedLastEqualsInTheirOrder) {
  Finding suppressed = make_finding("s", Grade::kProven, 1);
  suppressed.suppressed = true;
  std::vector<Finding> findings = {suppressed, make_finding("p", Grade::kPossible, 1),
                                   make_finding("x", Grade::kProven, 1),
                                   make_finding("y", Grade::kProven, 1)};
  sort_findings(findings);
  std::string order;
  for (const Finding& each : findings) order += each.fingerprint;
  EXPECT_EQ(order, "xyps");
}

TEST(Sort, OfEqualGradesTheNewComeFirst) {
  std::vector<Finding> findings = {make_finding("k", Grade::kProven, 1), make_finding("n", Grade::kProven, 1),
                                   make_finding("p", Grade::kPossible, 1)};
  findings[0].baseline = Baseline::kKnown;
  sort_findings(findings);
  EXPECT_EQ(findings[0].fingerprint + findings[1].fingerprint + findings[2].fingerprint, "nkp");
}

TEST(Merge, KeepsEachThreadThatInspectSawOnce) {
  Report first = report_of(1, {});
  first.running = true;
  first.threads = {{.thread = {"a", 1, 1, ""}, .state = "waiting"}};
  Report second = first;
  second.threads = {{.thread = {"a", 1, 1, ""}, .state = "ended"},
                    {.thread = {"b", 2, 1, ""}, .state = "running"}};
  const Report merged = merge({first, second});
  ASSERT_EQ(merged.threads.size(), 2u);
  EXPECT_EQ(merged.threads[0].state, "waiting");
  EXPECT_EQ(merged.threads[1].thread.name, "b");
  EXPECT_EQ(merged.running, true);
}

TEST(WorstGrade, PassesSuppressedFindingsOver) {
  Finding suppressed = make_finding("s", Grade::kProven, 1);
  suppressed.suppressed = true;
  EXPECT_FALSE(worst_grade(report_of(1, {suppressed})));
  EXPECT_EQ(worst_grade(report_of(1, {suppressed, make_finding("p", Grade::kPossible, 1)})),
            Grade::kPossible);
}

TEST(CountAtLeast, CountsTheFloorItself) {
  const Report report =
      report_of(1, {make_finding("a", Grade::kPossible, 1), make_finding("b", Grade::kInferred, 1),
                    make_finding("c", Grade::kProven, 1)});
  EXPECT_EQ(count_at_least(report, Grade::kUnlikely), 3u);
  EXPECT_EQ(count_at_least(report, Grade::kInferred), 2u);
  EXPECT_EQ(count_at_least(report, Grade::kProven), 1u);
}

TEST(CountAtLeast, PassesOverWhatIsSuppressedOrKnown) {
  Report report = report_of(1, {make_finding("a", Grade::kProven, 1), make_finding("b", Grade::kProven, 1)});
  report.findings[0].suppressed = true;
  report.findings[1].baseline = Baseline::kKnown;
  EXPECT_EQ(count_at_least(report, Grade::kUnlikely), 0u);
}

Finding make_race(std::string fingerprint, Grade grade, uint32_t first_line, uint32_t second_line) {
  Finding race = make_finding(std::move(fingerprint), grade, 0);
  race.rule = RuleId::kDataRace;
  for (const uint32_t line : {first_line, second_line}) {
    Step step;
    step.waiting_at.push_back({.function = "serve(long&)", .file = "hits.cpp", .line = line});
    race.cycle.push_back(step);
  }
  return race;
}

TEST(Merge, ARaceIsKnownByItsTwoLinesWhateverTheMemoryIsCalled) {
  const Report merged = merge({report_of(0, {make_race("a", Grade::kPossible, 3, 7)}),
                               report_of(10, {make_race("b", Grade::kProven, 7, 3)}),
                               report_of(11, {make_race("c", Grade::kPossible, 7, 8)})});
  ASSERT_EQ(merged.findings.size(), 2u);
  EXPECT_EQ(merged.findings[0].grade, Grade::kProven);
  EXPECT_EQ(merged.findings[0].occurrences, 2u);
}

TEST(Merge, RacesOfOneReportInTheSameLinesStaySeveral) {
  const Report merged =
      merge({report_of(0, {make_race("a", Grade::kPossible, 3, 7), make_race("b", Grade::kPossible, 3, 7)})});
  EXPECT_EQ(merged.findings.size(), 2u);
}

}  // namespace
}  // namespace gordian::finding
