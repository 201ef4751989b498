#include "analyzer/report/diagnostics.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "tests/unit/static_findings.h"

namespace gordian::report {
namespace {

using finding::Finding;
using finding::Report;

std::string rendered(std::vector<Finding> findings, TextOptions options = {}) {
  Report report;
  report.findings = std::move(findings);
  options.base_directory = "/src";
  return render_diagnostics(report, options);
}

TEST(Diagnostics, EachSideIsTheWayFromItsEntryToWhatItAsksFor) {
  EXPECT_EQ(
      rendered({finding::static_inversion()}),
      "bank.cpp:11:3: warning: possible lock-order-inversion: deposit() takes checking and then savings; "
      "spender() takes them the other way round [lock-order-inversion]\n"
      "bank.cpp:30:3: note: saver(): calls deposit()\n"
      "bank.cpp:10:3: note: saver(): acquired checking\n"
      "bank.cpp:11:3: note: saver(): asks for savings\n"
      "bank.cpp:20:3: note: spender(): acquired savings\n"
      "bank.cpp:21:3: note: spender(): asks for checking\n"
      "  Why possible: nothing in the program keeps the two apart\n"
      "  Fix: Take checking before savings everywhere.\n"
      "  Fingerprint: 00000000000000aa\n"
      "\n"
      "1 finding, the strongest possible\n");
}

TEST(Diagnostics, ARaceSaysWhoWritesAndWhoReads) {
  const std::string text = rendered({finding::static_race()});
  EXPECT_NE(text.find("bank.cpp:12:3: warning: possible data-race: "), text.npos);
  EXPECT_NE(text.find("bank.cpp:11:3: note: saver(): acquired savings\n"), text.npos);
  EXPECT_NE(text.find("bank.cpp:12:3: note: saver(): writes total\n"), text.npos);
  EXPECT_NE(text.find("bank.cpp:40:3: note: reads total\n"), text.npos);
}

TEST(Diagnostics, OfOneSideThePlaceIsToldOnce) {
  EXPECT_EQ(
      rendered({finding::static_misuse()}),
      "bank.cpp:50:8: warning: possible unnamed-guard: the guard of checking has no name and dies at once "
      "[unnamed-guard]\n"
      "  Fix: Give the guard a name.\n"
      "  Fingerprint: 00000000000000cc\n"
      "\n"
      "1 finding, the strongest possible\n");
}

TEST(Diagnostics, TheCaretStandsBelowTheColumn) {
  const std::string path = testing::TempDir() + "gordian-caret.cpp";
  std::ofstream(path) << "one\n\tstd::scoped_lock \xc3\xa4(lock);\n";
  Finding finding = finding::static_misuse(path);
  finding.cycle[0].waiting_at[0].line = 2;
  finding.cycle[0].waiting_at[0].column = 21;  // in bytes: the bracket
  const std::string text = rendered({finding});
  EXPECT_NE(text.find("       2 |     std::scoped_lock \xc3\xa4(lock);\n"
                      "         |                       ^\n"),
            text.npos)
      << text;
  finding.cycle[0].waiting_at[0].column = 200;
  EXPECT_EQ(rendered({finding}).find('^'), std::string::npos) << "beyond the line";
  std::remove(path.c_str());
}

TEST(Diagnostics, CallsBeyondTheDepthAreCounted) {
  Finding finding = finding::static_misuse();
  for (uint32_t i = 1; i <= 5; ++i)
    finding.cycle[0].waiting_at.push_back(
        finding::source_frame("f" + std::to_string(i) + "()", "/src/x.cpp", i));
  const std::string text = rendered({finding}, {.stack_depth = 3});
  EXPECT_NE(text.find("x.cpp:5:3: note: makes 3 calls from here\n"
                      "x.cpp:2:3: note: calls f1()\n"
                      "x.cpp:1:3: note: calls close()\n"),
            text.npos)
      << text;
}

TEST(Diagnostics, WhatNeedsNothingDoneComesLastAndIsShort) {
  Finding unlikely = finding::static_inversion();
  unlikely.grade = finding::Grade::kUnlikely;
  Finding known = finding::static_race();
  known.baseline = finding::Baseline::kKnown;
  Finding suppressed = finding::static_inversion();
  suppressed.suppressed = true;
  suppressed.suppression = "main is alone then";
  const std::vector<Finding> findings = {unlikely, known, suppressed, finding::static_misuse()};
  const std::string text = rendered(findings);
  EXPECT_TRUE(text.starts_with("bank.cpp:50:8: warning: possible unnamed-guard")) << text;
  EXPECT_NE(text.find("bank.cpp:11:3: note: unlikely lock-order-inversion: "), text.npos);
  EXPECT_NE(text.find("bank.cpp:12:3: note: possible data-race, known: "), text.npos);
  EXPECT_EQ(text.find("main is alone then"), text.npos);
  EXPECT_NE(text.find("4 findings, the strongest possible, 1 unlikely, 1 known, 1 suppressed\n"), text.npos);
  const std::string all = rendered(findings, {.brief = false});
  EXPECT_NE(all.find("Suppressed: main is alone then"), all.npos);
  EXPECT_NE(all.find("circular wait: checking, savings, checking"), all.npos);
}

TEST(Diagnostics, NothingFoundButNotEverythingSeenIsSaidAtOnce) {
  Report report;
  report.unseen = {{"source files that do not parse", 2, "the first is x.cpp", "they were left out"}};
  EXPECT_EQ(render_diagnostics(report, {}),
            "no findings, but 1 thing was not seen:\n"
            "Not seen\n"
            "  source files that do not parse: 2 times; the first is x.cpp; they were left out\n");
}

TEST(Diagnostics, HostileNamesComeOutPrintable) {
  Finding finding = finding::static_misuse("/src/\x1b[2Jx.cpp");
  finding.summary = "a\nb";
  EXPECT_TRUE(
      rendered({finding}).starts_with("\\x1b[2Jx.cpp:50:8: warning: possible unnamed-guard: a\\nb ["));
}

}  // namespace
}  // namespace gordian::report
