#include "analyzer/finding/known_findings.h"

#include <gtest/gtest.h>

#include "analyzer/finding/compare.h"

namespace gordian::finding {
namespace {

Finding make_finding(std::string fingerprint, Grade grade = Grade::kPossible,
                     RuleId rule = RuleId::kLockOrderInversion) {
  Finding finding;
  finding.rule = rule;
  finding.grade = grade;
  finding.summary = "about " + fingerprint;
  finding.fingerprint = std::move(fingerprint);
  return finding;
}

Report make_report(std::vector<Finding> findings) {
  Report report;
  report.findings = std::move(findings);
  return report;
}

Baseline mark_of(Finding now, Finding earlier) {
  Report report = make_report({std::move(now)});
  KnownFindings(make_report({std::move(earlier)})).apply(report);
  return report.findings[0].baseline;
}

TEST(KnownFindings, AreTheSameByRuleAndFingerprint) {
  EXPECT_EQ(mark_of(make_finding("a"), make_finding("a")), Baseline::kKnown);
  EXPECT_EQ(mark_of(make_finding("a"), make_finding("b")), Baseline::kNew);
  EXPECT_EQ(mark_of(make_finding("a", Grade::kPossible, RuleId::kDeadlock), make_finding("a")),
            Baseline::kNew);
  EXPECT_EQ(mark_of(make_finding(""), make_finding("")), Baseline::kNew);
}

TEST(KnownFindings, NobodyAcceptedWhatWasUnlikelyAndIsMoreNow) {
  EXPECT_EQ(mark_of(make_finding("a", Grade::kUnlikely), make_finding("a", Grade::kUnlikely)),
            Baseline::kKnown);
  EXPECT_EQ(mark_of(make_finding("a", Grade::kPossible), make_finding("a", Grade::kUnlikely)),
            Baseline::kNew);
  EXPECT_EQ(mark_of(make_finding("a", Grade::kConfirmed), make_finding("a", Grade::kPossible)),
            Baseline::kKnown);
}

TEST(KnownFindings, AMarkOfAnotherBaselineIsReplaced) {
  Finding finding = make_finding("a");
  finding.baseline = Baseline::kKnown;
  EXPECT_EQ(mark_of(finding, make_finding("b")), Baseline::kNew);
}

TEST(KnownFindings, ThatAreGoneAreNamed) {
  const KnownFindings known(make_report({make_finding("a"), make_finding("b"), make_finding("")}));
  const std::vector<Finding> gone = known.gone_from(make_report({make_finding("b")}));
  ASSERT_EQ(gone.size(), 1u);
  EXPECT_EQ(gone[0].fingerprint, "a");
}

OrderEdge make_edge(std::string from, std::string to, uint64_t address) {
  OrderEdge edge;
  edge.from = {from + " (file.cpp:7)", "mutex", address, from};
  edge.to = {to + " (file.cpp:9)", "mutex", address + 64, to};
  edge.from_mode = edge.to_mode = "exclusive";
  edge.acquired_at =
      edge.attempted_at = {{.address = address, .function = "f()", .file = "/src/f.cpp", .line = 3}};
  edge.threads = {"worker"};
  return edge;
}

TEST(ReducedToBaseline, HoldsWhatIdentifiesAndNothingThatChangesByItself) {
  Report first = make_report({make_finding("b"), make_finding(""), make_finding("a")});
  first.program.pid = 7;
  first.lock_order.edges = {make_edge("x", "y", 0x1000), make_edge("x", "y", 0x9000)};
  Report second = make_report({make_finding("a"), make_finding("b")});
  second.findings[0].pid = 8;
  second.lock_order.edges = {make_edge("x", "y", 0x5000)};
  const Report reduced = reduced_to_baseline(first);
  ASSERT_EQ(reduced.findings.size(), 2u);
  EXPECT_EQ(reduced.findings[0].fingerprint, "a");
  EXPECT_EQ(reduced.findings[0].summary, "about a");
  EXPECT_EQ(reduced.program.pid, 0u);
  ASSERT_EQ(reduced.lock_order.edges.size(), 1u);
  EXPECT_EQ(reduced.lock_order.edges[0].from.address, 0u);
  EXPECT_EQ(reduced.lock_order.edges[0].attempted_at[0].address, 0u);
  EXPECT_TRUE(reduced.lock_order.edges[0].threads.empty());
  const Difference difference = compare(reduced, second);
  EXPECT_TRUE(difference.new_findings.empty());
  EXPECT_TRUE(difference.new_orders.empty());
  EXPECT_TRUE(difference.gone_orders.empty());
}

TEST(Compare, NamesWhatIsNewAndWhatIsGone) {
  Report earlier = make_report({make_finding("a"), make_finding("b")});
  earlier.lock_order.edges = {make_edge("x", "y", 0x1000), make_edge("old", "y", 0x1000)};
  Report now = make_report({make_finding("b"), make_finding("c", Grade::kUnlikely), make_finding("d")});
  now.lock_order.edges = {make_edge("y", "x", 0x3000), make_edge("x", "y", 0x2000),
                          make_edge("y", "x", 0x4000)};
  Difference difference = compare(earlier, now);
  ASSERT_EQ(difference.new_findings.size(), 2u);
  EXPECT_EQ(difference.new_findings[0].fingerprint, "d") << "the strongest first";
  ASSERT_EQ(difference.gone_findings.size(), 1u);
  EXPECT_EQ(difference.gone_findings[0].fingerprint, "a");
  ASSERT_EQ(difference.new_orders.size(), 1u);
  EXPECT_EQ(difference.new_orders[0].from.stable, "y");
  ASSERT_EQ(difference.gone_orders.size(), 1u);
  EXPECT_EQ(difference.gone_orders[0].from.stable, "old");
  EXPECT_EQ(count_at_least(difference, Grade::kUnlikely), 2u);
  EXPECT_EQ(count_at_least(difference, Grade::kPossible), 1u);
  difference.new_findings[0].suppressed = true;
  EXPECT_EQ(count_at_least(difference, Grade::kPossible), 0u);
}

TEST(Compare, FindingsWithoutFingerprintAreTheSameBySummary) {
  Finding left = make_finding("");
  EXPECT_TRUE(compare(make_report({left}), make_report({left})).new_findings.empty());
}

}  // namespace
}  // namespace gordian::finding
