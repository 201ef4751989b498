#include "analyzer/finding/exercised.h"

#include <gtest/gtest.h>

#include "analyzer/finding/merge.h"
#include "tests/unit/static_findings.h"

namespace gordian::finding {
namespace {

Report static_report(Finding finding = static_inversion()) {
  Report report;
  report.program.path = "/src/build";
  report.findings = {std::move(finding)};
  return report;
}

Report run() {
  Report report;
  report.program = {.path = "/opt/bank", .pid = 100, .started = "2026-01-02T03:04:05Z"};
  return report;
}

Frame run_frame(const std::string& function, uint32_t line, const std::string& file = "/src/bank.cpp") {
  return {.address = 0x401000, .module = "/opt/bank", .function = function, .file = file, .line = line};
}

Stack run_stack(const std::string& function, uint32_t line, const std::string& file = "/src/bank.cpp") {
  return {run_frame("std::mutex::lock()", 100, "/usr/include/c++/12/bits/std_mutex.h"),
          run_frame(function, line, file), run_frame("main", 90)};
}

OrderEdge edge(const std::string& from, const std::string& to, Stack taken = {}, Stack asked = {}) {
  OrderEdge result;
  result.from = {.name = from, .kind = "mutex", .address = 0x1000, .stable = from};
  result.to = {.name = to, .kind = "mutex", .address = 0x2000, .stable = to};
  result.acquired_at = std::move(taken);
  result.attempted_at = std::move(asked);
  return result;
}

// The cycle of static_inversion as threads of a process.
Finding run_finding(RuleId rule, Grade grade) {
  Finding finding = static_inversion();
  finding.rule = rule;
  finding.grade = grade;
  finding.fingerprint = "00000000000000ee";
  finding.pid = 100;
  for (size_t i = 0; i < 2; ++i) {
    Step& step = finding.cycle[i];
    step.thread = {"t", static_cast<uint32_t>(101 + i), 100, ""};
    step.waits_for.address = 0x1000;
    for (Frame& frame : step.waiting_at) frame.address = 0x401000;
  }
  return finding;
}

Exercised judged(std::vector<Report> reports) {
  mark_exercised(reports);
  for (const Report& report : reports) {
    for (const Finding& finding : report.findings) {
      if (finding.exercised) return *finding.exercised;
    }
  }
  return {"nothing", ""};
}

TEST(Exercised, WithoutARunNothingIsSaid) {
  EXPECT_EQ(judged({static_report()}).outcome, "nothing");
  EXPECT_EQ(judged({static_report(), static_report()}).outcome, "nothing");
}

TEST(Exercised, ARunThatTookNoLocksHasExercisedNothing) {
  const Exercised result = judged({static_report(), run()});
  EXPECT_EQ(result.outcome, "never exercised");
  EXPECT_EQ(result.explanation,
            "0 of its 2 orders were seen in runs; not seen: checking -> savings (deposit() at bank.cpp:11), "
            "savings -> checking (spender() at bank.cpp:21)");
}

TEST(Exercised, TheOrderThatIsMissingIsNamed) {
  Report half = run();
  half.lock_order.edges = {edge("checking", "savings")};
  half.lock_order.edges_not_shown = 7;
  const Exercised result = judged({half, static_report()});
  EXPECT_EQ(result.outcome, "never exercised");
  EXPECT_EQ(
      result.explanation,
      "1 of its 2 orders were seen in runs; not seen: savings -> checking (spender() at bank.cpp:21); the "
      "runs had no room for 7 more orders");
}

TEST(Exercised, OrdersOfSeveralRunsAreSeenTogether) {
  Report one = run();
  Report other = run();
  one.lock_order.edges = {edge("checking", "savings")};
  other.program.pid = 200;
  other.lock_order.edges = {edge("savings", "checking")};
  EXPECT_EQ(judged({one, static_report(), other}).outcome, "observed");
}

TEST(Exercised, WhereNamesDifferThePlacesCount) {
  Report seen = run();
  seen.lock_order.edges = {edge("a.lock", "b.lock", run_stack("deposit()", 10), run_stack("deposit()", 11)),
                           edge("b.lock", "a.lock", run_stack("spender()", 20, "bank.cpp"),
                                run_stack("spender()", 21, "/other/checkout/bank.cpp"))};
  EXPECT_EQ(judged({seen, static_report()}).outcome, "observed");
  seen.lock_order.edges[1].attempted_at[1].line = 22;
  EXPECT_EQ(judged({seen, static_report()}).outcome, "never exercised");
  seen.lock_order.edges[1].attempted_at[1].line = 21;
  seen.lock_order.edges[1].attempted_at[1].function = "other()";
  EXPECT_EQ(judged({seen, static_report()}).outcome, "never exercised");
}

// Both sides in one function, as in transfer(a, b) and transfer(b, a).
TEST(Exercised, OneDirectionOfTwoObjectsIsOneSide) {
  Finding finding = static_inversion();
  for (Step& step : finding.cycle) {
    step.waits_for = {.name = "Account::lock", .kind = "mutex", .stable = "Account::lock"};
    step.holds[0].resource = step.waits_for;
    step.waiting_at = {source_frame("transfer(Account&, Account&)", "/src/bank.cpp", 6)};
    step.holds[0].acquired_at = {source_frame("transfer(Account&, Account&)", "/src/bank.cpp", 5)};
  }
  const Stack taken = run_stack("transfer(Account&, Account&)", 5);
  const Stack asked = run_stack("transfer(Account&, Account&)", 6);
  Report seen = run();
  seen.lock_order.edges = {edge("a.lock", "b.lock", taken, asked)};
  EXPECT_EQ(judged({seen, static_report(finding)}).outcome, "never exercised");
  seen.lock_order.edges.push_back(edge("b.lock", "a.lock", taken, asked));
  EXPECT_EQ(judged({seen, static_report(finding)}).outcome, "observed");
  seen.lock_order.edges = {edge("mutex", "mutex", taken, asked)};
  EXPECT_EQ(judged({seen, static_report(finding)}).outcome, "observed") << "names that say nothing";
}

TEST(Exercised, OrdersOfTheStaticPassAreNoSightings) {
  Report checked = static_report();
  OrderEdge own = edge("checking", "savings", {source_frame("deposit()", "/src/bank.cpp", 10)},
                       {source_frame("deposit()", "/src/bank.cpp", 11)});
  own.from.address = own.to.address = 0;
  Report merged = run();
  merged.lock_order.edges = {own};
  EXPECT_EQ(judged({merged, checked}).explanation.substr(0, 8), "0 of its");
}

TEST(Exercised, WhatHappenedIsConfirmed) {
  for (const auto& [rule, grade] :
       std::vector<std::pair<RuleId, Grade>>{{RuleId::kDeadlock, Grade::kProven},
                                             {RuleId::kDeadlock, Grade::kInferred},
                                             {RuleId::kLockOrderInversion, Grade::kConfirmed}}) {
    Report seen = run();
    seen.findings = {run_finding(rule, grade)};
    const Exercised result = judged({static_report(), seen});
    EXPECT_EQ(result.outcome, "confirmed");
    EXPECT_EQ(result.explanation, "it happened: " + std::string(name_of(grade)) + ' ' +
                                      std::string(name_of(rule)) + ", fingerprint 00000000000000ee");
    std::rotate(seen.findings[0].cycle.begin(), seen.findings[0].cycle.begin() + 1,
                seen.findings[0].cycle.end());
    EXPECT_EQ(judged({seen, static_report()}).outcome, "confirmed") << "wherever the cycle begins";
  }
}

TEST(Exercised, TheSameInversionOfARunIsObserved) {
  Report seen = run();
  seen.findings = {run_finding(RuleId::kLockOrderInversion, Grade::kUnlikely)};
  seen.findings[0].grade_reason = "registry_lock guards both";
  const Exercised result = judged({seen, static_report()});
  EXPECT_EQ(result.outcome, "observed");
  EXPECT_NE(result.explanation.find("registry_lock guards both"), std::string::npos);
}

TEST(Exercised, AnotherCycleIsNotTheSame) {
  Report seen = run();
  seen.findings = {run_finding(RuleId::kDeadlock, Grade::kProven)};
  seen.findings[0].cycle[1].waits_for.stable = "audit_lock";
  seen.findings[0].cycle[1].waiting_at[0].line = 77;
  EXPECT_EQ(judged({seen, static_report()}).outcome, "never exercised");
  seen.findings[0] = run_finding(RuleId::kDeadlock, Grade::kProven);
  seen.findings[0].cycle.push_back(seen.findings[0].cycle[0]);
  EXPECT_EQ(judged({seen, static_report()}).outcome, "never exercised") << "a longer one";
}

TEST(Exercised, OneFingerprintIsOneFindingWhichKeepsTheWord) {
  for (bool is_static_first : {true, false}) {
    Report seen = run();
    seen.findings = {run_finding(RuleId::kLockOrderInversion, Grade::kPossible)};
    seen.findings[0].fingerprint = static_inversion().fingerprint;
    std::vector<Report> reports = {static_report(), seen};
    if (!is_static_first) std::swap(reports[0], reports[1]);
    mark_exercised(reports);
    const Report merged = merge(std::move(reports));
    ASSERT_EQ(merged.findings.size(), 1u);
    EXPECT_EQ(merged.findings[0].exercised->outcome, "observed");
    EXPECT_EQ(merged.findings[0].pid, 100u);
    EXPECT_EQ(merged.findings[0].cycle[0].thread.tid, 101u) << "the sighting with threads";
    EXPECT_EQ(merged.program.pid, 100u);
    EXPECT_TRUE(merged.findings[0].also_in.empty());
  }
}

TEST(Exercised, AStrongerWordOfAnEarlierMergeStays) {
  Report checked = static_report();
  checked.findings[0].exercised = Exercised{"confirmed", "last week"};
  std::vector<Report> reports = {checked, run()};
  mark_exercised(reports);
  EXPECT_EQ(reports[0].findings[0].exercised->explanation, "last week");
}

TEST(Exercised, OnlyCyclesOfTheStaticPassAreMarked) {
  std::vector<Report> reports = {static_report(static_race()), run()};
  reports[1].findings = {run_finding(RuleId::kLockOrderInversion, Grade::kPossible)};
  mark_exercised(reports);
  EXPECT_FALSE(reports[0].findings[0].exercised);
  EXPECT_FALSE(reports[1].findings[0].exercised);
}

}  // namespace
}  // namespace gordian::finding
