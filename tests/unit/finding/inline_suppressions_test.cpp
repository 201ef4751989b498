#include "analyzer/finding/inline_suppressions.h"

#include <gtest/gtest.h>

#include "tests/unit/static_findings.h"

namespace gordian::finding {
namespace {

constexpr const char* kFile = "/src/bank.cpp";

// `LINE of COMMENT's line: rules (reason)`
std::vector<std::string> parsed(const std::string& text) {
  std::vector<std::string> result;
  for (const InlineSuppression& each : parse_inline_suppressions(text, kFile).suppressions) {
    std::string line = std::to_string(each.is_about) + " by " + std::to_string(each.line) + ':';
    for (RuleId rule : each.rules) line += ' ' + std::string(name_of(rule));
    result.push_back(line + " (" + each.reason + ')');
  }
  return result;
}

std::vector<std::string> problems(const std::string& text) {
  EXPECT_TRUE(parse_inline_suppressions(text, kFile).suppressions.empty());
  return parse_inline_suppressions(text, kFile).problems;
}

using Lines = std::vector<std::string>;

TEST(InlineSuppressions, AreAboutTheirLineOrTheNextOne) {
  EXPECT_EQ(parsed("f();\ng(m);  // gordian: ignore(double-lock) it is recursive\n"),
            Lines{"2 by 2: double-lock (it is recursive)"});
  EXPECT_EQ(parsed("  // gordian: ignore(double-lock) it is recursive\n  g(m);\n"),
            Lines{"2 by 1: double-lock (it is recursive)"});
  EXPECT_EQ(parsed("/* gordian:ignore( double-lock , data-race ) both\n   known */\ng(m);\n"),
            Lines{"3 by 1: double-lock data-race (both)"});
  EXPECT_EQ(
      parsed(
          "// gordian: ignore(double-lock) one\n// more words\n// gordian: ignore(data-race) two\ng(m);\n"),
      (Lines{"4 by 1: double-lock (one)", "4 by 3: data-race (two)"}));
}

TEST(InlineSuppressions, WhatStandsElsewhereIsNone) {
  EXPECT_EQ(parsed("s = \"// gordian: ignore(double-lock) x\";\n"), Lines{});
  EXPECT_EQ(parsed("// see gordian: ignore(double-lock) x\n"), Lines{});
  EXPECT_EQ(parsed("// gordian: a knot\n"), Lines{});
  EXPECT_TRUE(problems("// gordian: a knot\n").empty());
}

TEST(InlineSuppressions, WhatIsWrongIsToldAndSuppressesNothing) {
  EXPECT_EQ(
      problems("\n// gordian: ignore(double-lock)\nf();"),
      Lines{"/src/bank.cpp:2: this suppresses nothing: it gives no reason; say behind the bracket why this "
            "is no problem"});
  EXPECT_EQ(problems("// gordian: ignore(dubble-lock) x\nf();"),
            Lines{"/src/bank.cpp:1: this suppresses nothing: there is no rule \"dubble-lock\"; gordian check "
                  "--list-rules names them"});
  for (const char* text :
       {"// gordian: ignore double-lock x", "// gordian: ignore(double-lock", "// gordian: ignore() x"}) {
    ASSERT_EQ(problems(text).size(), 1u) << text;
    EXPECT_NE(problems(text)[0].find("it names no rule; write gordian: ignore(RULE) REASON"),
              std::string::npos);
  }
}

TEST(InlineSuppressions, AFindingIsSuppressedAtAnyOfItsOwnPlaces) {
  for (const auto& [line, expected] :
       std::vector<std::pair<uint32_t, bool>>{{11, true}, {21, true}, {10, false}, {30, false}}) {
    Report report;
    report.findings = {static_inversion(kFile), static_race(kFile)};
    std::vector<InlineSuppression> suppressions = {{.file = kFile,
                                                    .line = line,
                                                    .is_about = line,
                                                    .rules = {RuleId::kLockOrderInversion},
                                                    .reason = "why"}};
    apply(suppressions, report);
    EXPECT_EQ(report.findings[0].suppressed, expected) << line;
    EXPECT_EQ(report.findings[0].suppression, expected ? "why" : "");
    EXPECT_EQ(suppressions[0].is_used, expected);
    EXPECT_FALSE(report.findings[1].suppressed) << "another rule";
  }
}

TEST(InlineSuppressions, AnotherFileIsAnother) {
  Report report;
  report.findings = {static_inversion(kFile)};
  std::vector<InlineSuppression> suppressions = {{.file = "/other/bank.cpp",
                                                  .line = 11,
                                                  .is_about = 11,
                                                  .rules = {RuleId::kLockOrderInversion},
                                                  .reason = "why"}};
  apply(suppressions, report);
  EXPECT_FALSE(report.findings[0].suppressed);
}

}  // namespace
}  // namespace gordian::finding
