#include "analyzer/finding/suppressions.h"

#include <gtest/gtest.h>

#include "analyzer/finding/merge.h"

namespace gordian::finding {
namespace {

// "alice" holds checking_lock, which deposit() took, and asks for savings_lock in bank::transfer().
Finding make_inversion() {
  Finding finding;
  finding.rule = RuleId::kLockOrderInversion;
  finding.grade = Grade::kPossible;
  finding.fingerprint = "0681bd04d8eeadf7";
  Step step;
  step.waits_for = {"savings_lock (bank.cpp:3)", "mutex", 0x1000, "savings_lock"};
  step.waiting_at = {{.module = "/opt/bank/bin/bank",
                      .function = "bank::transfer(Account&, Account&) const",
                      .file = "/opt/bank/src/third_party/bank.cpp",
                      .line = 12}};
  step.holds = {{.resource = {"checking_lock", "mutex", 0x1040, "checking_lock"},
                 .mode = "exclusive",
                 .acquired_at = {{.module = "/usr/lib/libvendor.so.3", .function = "deposit(long)"}}}};
  finding.cycle = {step};
  return finding;
}

Report make_report() {
  Report report;
  report.findings = {make_inversion()};
  return report;
}

// The reason that the finding is suppressed for, or nothing.
std::string reason_by(const std::string& text, Report report = make_report()) {
  Suppressions suppressions;
  suppressions.add(parse_suppressions(text, "f"));
  suppressions.apply(report);
  EXPECT_EQ(report.findings[0].suppressed, suppressions.unused().empty());
  return report.findings[0].suppressed ? report.findings[0].suppression : "";
}

TEST(Suppressions, MatchByFingerprint) {
  EXPECT_EQ(reason_by("fingerprint 0681bd04d8eeadf7 locked by design"), "locked by design");
  EXPECT_EQ(reason_by("fingerprint 0681bd04d8eeadf8 locked by design"), "");
}

TEST(Suppressions, MatchLocksByTheirStableNames) {
  EXPECT_EQ(reason_by("lock-order-inversion:lock=savings_* why"), "why");
  EXPECT_EQ(reason_by("lock-order-inversion:lock=checking_lock why"), "why") << "what is held counts, too";
  EXPECT_EQ(reason_by("lock-order-inversion:lock=savings_lock*bank.cpp* why"), "") << "a line would not last";
  EXPECT_EQ(reason_by("lock-order-inversion:lock=savings why"), "") << "the whole name has to match";
}

TEST(Suppressions, MatchFunctionsWithOrWithoutParameters) {
  EXPECT_EQ(reason_by("*:function=bank::transfer why"), "why");
  EXPECT_EQ(reason_by("*:function=bank::transfer* why"), "why");
  EXPECT_EQ(reason_by("*:function=\"bank::transfer(Account&, Account&) const\" why"), "why");
  EXPECT_EQ(reason_by("*:function=deposit why"), "why");
  EXPECT_EQ(reason_by("*:function=transfer why"), "");
  EXPECT_EQ(reason_by("*:function=savings_lock why"), "");
}

TEST(Suppressions, KnowParametersFromOtherBrackets) {
  Report report = make_report();
  std::string& function = report.findings[0].cycle[0].waiting_at[0].function;
  function = "main::{lambda(int)}::operator()(int) const";
  EXPECT_EQ(reason_by("*:function=main::{lambda(int)}::operator() why", report), "why");
  function = "(anonymous namespace)::run(void (*)(int))";
  EXPECT_EQ(reason_by("*:\"function\" why", report), "");
  EXPECT_EQ(reason_by("*:function=\"(anonymous namespace)::run\" why", report), "why");
  function = "Lock::operator()";
  EXPECT_EQ(reason_by("*:function=Lock::operator() why", report), "why");
  EXPECT_EQ(reason_by("*:function=Lock::operator why", report), "");
}

TEST(Suppressions, MatchModulesAndFilesFromASlashOn) {
  EXPECT_EQ(reason_by("*:module=libvendor.so.* why"), "why");
  EXPECT_EQ(reason_by("*:module=/opt/bank/bin/bank why"), "why");
  EXPECT_EQ(reason_by("*:module=vendor.so.3 why"), "");
  EXPECT_EQ(reason_by("*:file=third_party/* why"), "why");
  EXPECT_EQ(reason_by("*:file=bank.cpp why"), "why");
  EXPECT_EQ(reason_by("*:file=party/* why"), "");
}

TEST(Suppressions, WithoutASubjectAPatternIsForLocksAndFunctions) {
  EXPECT_EQ(reason_by("*:savings_lock why"), "why");
  EXPECT_EQ(reason_by("*:deposit why"), "why");
  EXPECT_EQ(reason_by("*:libvendor.so.3 why"), "");
  EXPECT_EQ(reason_by("*:bank.cpp why"), "");
}

TEST(Suppressions, AreForTheirRuleAlone) {
  EXPECT_EQ(reason_by("deadlock:savings_lock why"), "");
  EXPECT_EQ(reason_by("lock-order-inversion:* why"), "why");
  Report bare = make_report();
  bare.findings[0].cycle.clear();
  EXPECT_EQ(reason_by("*:* why", bare), "why") << "a finding without a cycle, too";
}

TEST(Suppressions, TheFirstThatMatchesGivesTheReasonAndEachIsUsed) {
  EXPECT_EQ(reason_by("*:savings_lock first\n*:checking_lock second\n"), "first");
}

TEST(Suppressions, WhatMatchedNothingIsNamed) {
  Suppressions suppressions;
  suppressions.add(
      parse_suppressions("# a comment\n\n*:savings_lock why\r\n\tdeadlock:other  why not  \n", "file"));
  Report report = make_report();
  suppressions.apply(report);
  ASSERT_EQ(suppressions.unused().size(), 1u);
  EXPECT_EQ(suppressions.unused()[0].place, "file:4");
  EXPECT_EQ(suppressions.unused()[0].line, "deadlock:other  why not");
}

TEST(Suppressions, KeepTheFindingAndTakeItsWeight) {
  Report report = make_report();
  Suppressions suppressions;
  suppressions.add(parse_suppressions("*:* why", "f"));
  suppressions.apply(report);
  EXPECT_EQ(report.findings.size(), 1u);
  EXPECT_EQ(count_at_least(report, Grade::kUnlikely), 0u);
}

std::string refusal_of(const std::string& text) {
  try {
    parse_suppressions(text, "f");
  } catch (const SuppressionError& error) {
    return error.what();
  }
  return "";
}

TEST(SuppressionParser, NamesTheLineAndWhatIsWrong) {
  EXPECT_TRUE(refusal_of("# fine\n\nnonsense\n").starts_with("f:3: it does not begin with a rule; write "));
  EXPECT_TRUE(refusal_of("no colon here").starts_with("f:1: it does not begin with a rule"));
  EXPECT_TRUE(refusal_of("a reason: none").starts_with("f:1: it does not begin with a rule"));
  EXPECT_TRUE(refusal_of("dedlock:x why").starts_with("f:1: there is no rule \"dedlock\"; "));
  EXPECT_TRUE(refusal_of("deadlock:x").starts_with("f:1: it gives no reason; "));
  EXPECT_TRUE(refusal_of("deadlock: x").starts_with("f:1: the pattern is missing; "));
  EXPECT_TRUE(refusal_of("deadlock:").starts_with("f:1: the pattern is missing; "));
  EXPECT_TRUE(refusal_of("deadlock:\"\" why").starts_with("f:1: the pattern is missing; "));
  EXPECT_TRUE(refusal_of("deadlock:func=x why").starts_with("f:1: \"func\" is nothing to compare with; "));
  EXPECT_TRUE(refusal_of("deadlock:f(int, int) why").starts_with("f:1: the pattern \"f(int,\" ends within"));
  EXPECT_TRUE(refusal_of("deadlock:\"f why").starts_with("f:1: the quoted pattern has no end; "));
  EXPECT_TRUE(refusal_of("deadlock:\"f\"why").starts_with("f:1: something follows"));
  EXPECT_TRUE(refusal_of("fingerprint 123 why").starts_with("f:1: \"123\" is no fingerprint; "));
  EXPECT_TRUE(refusal_of("fingerprint").starts_with("f:1: \"\" is no fingerprint; "));
  EXPECT_TRUE(refusal_of("fingerprint 0681bd04d8eeadf7").starts_with("f:1: it gives no reason; "));
  EXPECT_EQ(refusal_of("\xef\xbb\xbf# with a mark\n*:operator== why\n*:\"a\\\"b\\\\c\" why"), "");
}

TEST(SuppressionParser, UnescapesWhatIsQuoted) {
  EXPECT_EQ(parse_suppressions(R"(*:lock="a\"b\\c d" why not)", "f")[0].pattern, R"(a"b\c d)");
  EXPECT_EQ(parse_suppressions(R"(*:lock="a\"b\\c d" why not)", "f")[0].reason, "why not");
}

std::string reason_by_tsan(const std::string& text) {
  Report report = make_report();
  Suppressions suppressions;
  suppressions.add(parse_tsan_suppressions(text, "t"));
  suppressions.apply(report);
  return report.findings[0].suppression;
}

TEST(TsanSuppressions, CoverPartsOfNamesOfLockOrders) {
  EXPECT_EQ(reason_by_tsan("# theirs\nrace:x\ndeadlock:transfer\n"), "suppressed for ThreadSanitizer in t:3");
  EXPECT_NE(reason_by_tsan("deadlock:libvendor"), "");
  EXPECT_NE(reason_by_tsan("deadlock:third_party/*.cpp$"), "");
  EXPECT_NE(reason_by_tsan("deadlock:^deposit$"), "");
  EXPECT_EQ(reason_by_tsan("deadlock:^transfer"), "");
  EXPECT_EQ(reason_by_tsan("deadlock:third_party$"), "");
  EXPECT_EQ(reason_by_tsan("race:transfer"), "");
}

std::string reason_of_race(const std::string& text) {
  Report report = make_report();
  report.findings[0].rule = RuleId::kDataRace;
  Suppressions suppressions;
  suppressions.add(parse_tsan_suppressions(text, "t"));
  suppressions.apply(report);
  return report.findings[0].suppression;
}

TEST(TsanSuppressions, CoverRacesByAnyFrameOrByTheInnermost) {
  EXPECT_EQ(reason_of_race("deadlock:*\nrace:transfer\n"), "suppressed for ThreadSanitizer in t:2");
  EXPECT_EQ(reason_of_race("race:^nobody$"), "");
  EXPECT_EQ(reason_of_race("race_top:^nobody$"), "");
  EXPECT_NE(reason_of_race("race_top:*"), "");
  EXPECT_EQ(reason_of_race("thread:*\nmutex:*\nsignal:*\n"), "");
}

TEST(TsanSuppressions, LeaveADeadlockThatHappensAlone) {
  Report report = make_report();
  report.findings[0].rule = RuleId::kDeadlock;
  Suppressions suppressions;
  suppressions.add(parse_tsan_suppressions("deadlock:*", "t"));
  suppressions.apply(report);
  EXPECT_FALSE(report.findings[0].suppressed);
}

TEST(TsanSuppressions, RefuseWhatIsNone) {
  EXPECT_THROW(parse_tsan_suppressions("deadlock:", "t"), SuppressionError);
  EXPECT_THROW(parse_tsan_suppressions("lock-order-inversion:x why", "t"), SuppressionError);
}

}  // namespace
}  // namespace gordian::finding
