#include "analyzer/report/html.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "analyzer/report/html/markup.h"
#include "analyzer/report/html/page_parts.h"
#include "analyzer/report/picture.h"
#include "tests/unit/contains.h"
#include "tests/unit/report/example.h"
#include "tests/unit/static_findings.h"

namespace gordian::report {
namespace {

using test::contains;

std::string render(const finding::Report& report) {
  return render_html(report, {.stack_depth = 16, .base_directory = "/opt/bank"});
}

// What stands in the body, without the script.
std::string body_of(const std::string& page) {
  const size_t begin = page.find("<body>");
  return page.substr(begin, page.find("<script>") - begin);
}

TEST(Markup, TextIsOnlyText) {
  EXPECT_EQ(html_text("a<b>&\"'\n\xff"), "a&lt;b&gt;&amp;&quot;&#39;\\n\\xff");
  EXPECT_EQ(html_text("\u202e\u2028"), "\\u{202e}\\u{2028}");
}

TEST(Markup, ALongNameIsShortenedAndWholeInItsTitle) {
  const std::string name = std::string(100, 'a') + "<" + std::string(100, 'z');
  const std::string html = html_name(name);
  EXPECT_TRUE(contains(html, "title=\"" + std::string(100, 'a') + "&lt;" + std::string(100, 'z') + '"'))
      << html;
  EXPECT_TRUE(contains(html, "a\u2026z")) << html;
  EXPECT_EQ(html_name("short"), "<span class=\"name\">short</span>");
}

TEST(Markup, ShortenedKeepsWholeCharacters) {
  EXPECT_EQ(shortened("\u05e9\u05dc\u05d5\u05dd", 4), "\u05e9\u05dc\u05d5\u05dd");
  EXPECT_EQ(shortened("\u05e9\u05dc\u05d5\u05dd", 3), "\u05e9\u2026\u05dd");
}

TEST(Html, AsksForNothing) {
  const std::string page = render(make_rich_report());
  EXPECT_TRUE(contains(page, "default-src 'none'"));
  EXPECT_TRUE(contains(page, kPageScriptHash) && contains(page, kPageStyleHash));
  const std::string body = body_of(page);
  for (const char* part : {"src=", "style=", "url(", "@import", "<link", "<iframe", "onclick", "https:"})
    EXPECT_FALSE(contains(body, part)) << part;
  // The names of the vocabularies of SVG are addresses, and nobody goes there.
  size_t addresses = 0;
  for (size_t at = 0; (at = page.find("http:", at)) != page.npos; ++at) {
    EXPECT_EQ(page.compare(at, 18, "http://www.w3.org/"), 0) << page.substr(at, 60);
    ++addresses;
  }
  EXPECT_GT(addresses, 0u);
}

TEST(Html, SaysFirstWhatIsStuckAndWhatWasNotSeen) {
  const std::string page = render(make_rich_report());
  EXPECT_TRUE(contains(page, "<h1>2 threads are deadlocked</h1>"));
  EXPECT_TRUE(contains(page, "1 thing was not seen"));
  EXPECT_TRUE(contains(render({}), "<h1>No findings</h1>"));
  finding::Report unseen = make_report();
  unseen.findings.clear();
  EXPECT_TRUE(contains(render(unseen), "<h1>No findings, but 1 thing was not seen</h1>"));
}

TEST(Html, AFindingHasItsProof) {
  const std::string body = body_of(render(make_rich_report()));
  for (const char* part : {"the four conditions", "no wait ends by itself",
                           "holds one and waits for the other", "transfer(int, int)", "bank.cpp:41",
                           "5b1f0c9a", "Take accounts[0].lock before accounts[1].lock everywhere.",
                           "guard registry_lock is held on both sides", "not reached, in 20 steered runs",
                           "handed over on purpose", "data-rule=\"unlock-not-owner\" data-grade=\"proven\"",
                           "Suppressed: show it all the same"}) {
    std::string lower = body;
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return std::tolower(c); });
    std::string wanted = part;
    std::ranges::transform(wanted, wanted.begin(), [](unsigned char c) { return std::tolower(c); });
    EXPECT_TRUE(contains(lower, wanted)) << part;
  }
}

TEST(Html, NamesOfTheProgramMakeNoElement) {
  const std::string hostile = "</script><img src=x onerror=alert(1)>\"'\u202e";
  finding::Report report = make_rich_report();
  for (finding::Finding& finding : report.findings) {
    finding.summary = finding.fix = finding.fingerprint = finding.grade_reason = hostile;
    finding.schedule = {hostile};
    for (finding::Step& step : finding.cycle) {
      step.thread.name = step.waits_for.name = step.held_by = step.wait_mode = step.link = hostile;
      for (finding::Frame& frame : step.waiting_at)
        frame.function = frame.file = frame.module = frame.language = hostile;
    }
  }
  report.lock_order.edges[0].from.stable = hostile;
  report.program = {.path = hostile, .arguments = {hostile, hostile}, .pid = 1, .started = hostile};
  report.unseen[0] = {hostile, 1, hostile, hostile};
  const std::string body = body_of(render(report));
  EXPECT_FALSE(contains(body, "<img"));
  EXPECT_FALSE(contains(body, "</script"));
  EXPECT_FALSE(contains(body, "\u202e"));
  EXPECT_TRUE(contains(body, "&lt;img src=x"));
}

TEST(Html, TheSameReportGivesTheSamePage) {
  EXPECT_EQ(render(make_rich_report()), render(make_rich_report()));
}

TEST(Html, WhatTheStaticPassFoundHasNoThreadIdsAndNoProcesses) {
  finding::Report report;
  report.findings = {finding::static_inversion(), finding::static_race(), finding::static_misuse()};
  report.findings[0].exercised = finding::Exercised{"observed", "both orders were seen"};
  const std::string page = render_html(report, {.base_directory = "/src"});
  for (const char* wanted : {"data-rule=\"data-race\"", "data-rule=\"unnamed-guard\"", "bank.cpp:11",
                             "observed: both orders were seen", ">a thread<"}) {
    EXPECT_NE(page.find(wanted), page.npos) << wanted;
  }
  for (const char* unwanted : {"(tid", "pid 0", "0x0", "<dt>Process</dt>"})
    EXPECT_EQ(page.find(unwanted), page.npos) << unwanted;
}

}  // namespace
}  // namespace gordian::report
