#include "analyzer/report/sarif.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "analyzer/report/json.h"
#include "analyzer/report/rule_texts.h"
#include "analyzer/report/uri.h"
#include "tests/unit/report/example.h"
#include "tests/unit/static_findings.h"

namespace gordian::report {
namespace {

using nlohmann::json;

json run_of(const finding::Report& report, const SarifOptions& options = {.source_root = "/opt/bank"}) {
  return json::parse(render_sarif(report, options))["runs"][0];
}

TEST(Sarif, AFindingIsAResultWithItsRule) {
  const json run = run_of(make_rich_report());
  ASSERT_EQ(run["results"].size(), 5u);
  const json& result = run["results"][1];
  EXPECT_EQ(result["ruleId"], "unlock-not-owner");
  EXPECT_EQ(run["tool"]["driver"]["rules"][result["ruleIndex"].get<size_t>()]["id"], "unlock-not-owner");
  EXPECT_EQ(result["message"]["text"], "\"bob\" unlocks queue_lock, which \"alice\" holds");
  EXPECT_EQ(result["partialFingerprints"], json({{"gordian/v1", "77112233445566aa"}}));
  EXPECT_EQ(run["tool"]["driver"]["rules"].size(), 3u) << "those that occur";
}

TEST(Sarif, TheLevelSaysHowSureItIs) {
  const std::pair<finding::Grade, const char*> kLevels[] = {
      {finding::Grade::kUnlikely, "note"},   {finding::Grade::kPossible, "warning"},
      {finding::Grade::kPredicted, "error"}, {finding::Grade::kConfirmed, "error"},
      {finding::Grade::kInferred, "error"},  {finding::Grade::kProven, "error"}};
  for (const auto& [grade, level] : kLevels) {
    finding::Report report = make_report();
    report.findings[0].grade = grade;
    const json result = run_of(report)["results"][0];
    EXPECT_EQ(result["level"], level);
    EXPECT_EQ(result["properties"]["grade"], finding::name_of(grade));
  }
}

TEST(Sarif, EachThreadIsAFlowThatGoesFromItsAcquisitionsToItsAttempt) {
  finding::Report report = make_report();
  finding::Step& alice = report.findings[0].cycle[0];
  alice.waiting_at.push_back(make_frame("main", "/opt/bank/main.cpp", 9));
  const json flows = run_of(report)["results"][0]["codeFlows"][0]["threadFlows"];
  ASSERT_EQ(flows.size(), 2u);
  const json& steps = flows[0]["locations"];
  ASSERT_EQ(steps.size(), 4u);
  EXPECT_EQ(steps[0]["location"]["message"]["text"], "acquired accounts[0].lock");
  EXPECT_EQ(steps[0]["nestingLevel"], 0);
  EXPECT_EQ(steps[1]["location"]["logicalLocations"][0]["fullyQualifiedName"], "main");
  EXPECT_EQ(steps[1]["nestingLevel"], 0);
  EXPECT_EQ(steps[1]["importance"], "important");
  EXPECT_EQ(steps[2]["location"]["message"]["text"], "waits for accounts[1].lock");
  EXPECT_EQ(steps[2]["nestingLevel"], 1);
  EXPECT_EQ(steps[2]["importance"], "essential");
  EXPECT_EQ(steps[3]["importance"], "unimportant") << "std::mutex::lock";
}

TEST(Sarif, ThePlacesAreThoseOfTheProgramsOwnCode) {
  const json result = run_of(make_report())["results"][0];
  ASSERT_EQ(result["locations"].size(), 1u);
  const json& place = result["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "bank.cpp");
  EXPECT_EQ(place["artifactLocation"]["uriBaseId"], "SRCROOT");
  EXPECT_EQ(place["region"], json({{"startLine", 41}, {"startColumn", 3}}));
  EXPECT_EQ(result["relatedLocations"].size(), 3u);
}

TEST(Sarif, WithoutDebugInformationAPlaceIsInItsModule) {
  finding::Report report = make_report();
  report.findings[0].cycle[0].waiting_at = {
      {.address = 0x7f0000000040, .module = "/usr/lib/libx.so", .module_offset = 0x40, .function = "take"}};
  const json run = run_of(report);
  const json& place = run["results"][0]["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "file:///usr/lib/libx.so");
  EXPECT_FALSE(place.contains("region"));
  EXPECT_EQ(place["address"]["absoluteAddress"], 0x7f0000000040);
  EXPECT_EQ(place["address"]["offsetFromParent"], 0x40);
  EXPECT_EQ(run["addresses"][place["address"]["parentIndex"].get<size_t>()]["name"], "libx.so");
}

TEST(Sarif, SuppressionsAreGivenForAllResultsOrTheyWouldMeanNothing) {
  const json results = run_of(make_rich_report())["results"];
  EXPECT_EQ(results[0]["suppressions"], json::array());
  EXPECT_EQ(results[4]["suppressions"][0]["kind"], "external");
  EXPECT_EQ(results[4]["suppressions"][0]["justification"], "the queue is handed over on purpose");
}

TEST(Sarif, TheBaselineIsSaidOnlyWhenThereIsOne) {
  finding::Report report = make_rich_report();
  report.findings[0].baseline = finding::Baseline::kKnown;
  EXPECT_FALSE(run_of(report)["results"][0].contains("baselineState"));
  finding::Finding gone = make_inversion();
  gone.rule = finding::RuleId::kGlobalStall;
  const json run = run_of(report, {.gone = {{gone}}});
  EXPECT_EQ(run["results"][0]["baselineState"], "unchanged");
  EXPECT_EQ(run["results"][1]["baselineState"], "new");
  ASSERT_EQ(run["results"].size(), 6u);
  EXPECT_EQ(run["results"][5]["baselineState"], "absent");
  EXPECT_EQ(run["results"][5]["ruleId"], "global-stall");
  EXPECT_EQ(run_of(report, {.gone = std::vector<finding::Finding>{}})["results"][0]["baselineState"],
            "unchanged");
}

TEST(Sarif, WhatCouldNotBeReadFailsTheInvocation) {
  const json good = run_of(make_report())["invocations"][0];
  EXPECT_EQ(good["executionSuccessful"], true);
  EXPECT_EQ(good["toolExecutionNotifications"][0]["level"], "warning") << "what was not seen";
  const json bad = run_of(make_report(), {.problems = {"x.flight: empty"}})["invocations"][0];
  EXPECT_EQ(bad["executionSuccessful"], false);
  EXPECT_EQ(bad["toolExecutionNotifications"][0]["message"]["text"], "x.flight: empty");
}

TEST(Sarif, NamesAreNoPlaceholdersAndNoLinks) {
  finding::Report report = make_report();
  report.findings[0].summary = "main::{lambda}::operator[](int) \x1b[2J {0} [x](http://e)";
  EXPECT_EQ(run_of(report)["results"][0]["message"]["text"],
            "main::{{lambda}}::operator[] (int) \\x1b[2J {{0}} [x] (http://e)");
}

TEST(Sarif, EveryRuleHasItsText) {
  for (int i = 0; finding::name_of(static_cast<finding::RuleId>(i)) != "unknown"; ++i) {
    const RuleText text = text_of(static_cast<finding::RuleId>(i));
    EXPECT_TRUE(text.summary.ends_with('.') && !text.help.empty()) << i;
  }
}

// What the static pass finds goes to code hosts as SARIF, and comes back to be held against runs.
TEST(ParseSarif, ReadsBackTheSidesWithTheirPlaces) {
  finding::Report report;
  report.findings = {finding::static_inversion("/src/my bank/b%20k.cpp"), finding::static_race(),
                     finding::static_misuse("/elsewhere/x.cpp")};
  report.findings[0].exercised = finding::Exercised{"never exercised", "no run came by"};
  report.unseen = {{"source files that do not parse", 2, "no header", "left out"}};
  const finding::Report read = parse_sarif(render_sarif(report, {.source_root = "/src"}));
  finding::Report expected = report;
  EXPECT_EQ(to_json(read).dump(1), to_json(expected).dump(1));
}

TEST(ParseSarif, ReadsBackFramesWithoutSource) {
  finding::Report report = make_report();
  finding::Step& step = report.findings[0].cycle[0];
  step.waiting_at = {{.address = 0x7f0000000040, .module = "/usr/lib/libx.so", .module_offset = 0x40},
                     {},
                     {.function = "main"}};
  step.holds[0].acquired_at.clear();
  const finding::Report read = parse_sarif(render_sarif(report, {}));
  const finding::Step& back = read.findings[0].cycle[0];
  ASSERT_EQ(back.waiting_at.size(), 2u) << "nothing is said of a frame of which nothing is known";
  EXPECT_EQ(back.waiting_at[0].module, "/usr/lib/libx.so");
  EXPECT_EQ(back.waiting_at[0].module_offset, 0x40u);
  EXPECT_EQ(back.waiting_at[1].function, "main");
  ASSERT_EQ(back.holds.size(), 1u);
  EXPECT_TRUE(back.holds[0].acquired_at.empty());
  EXPECT_EQ(back.holds[0].resource.stable, "accounts[0].lock");
  EXPECT_EQ(back.thread.tid, 102u);
  EXPECT_EQ(back.held_by, "\"bob\" (tid 103)");
}

TEST(ParseSarif, ReadsBackWhatIdentifiesTheFindings) {
  finding::Report report = make_rich_report();
  report.findings[0].summary = "in main::{lambda}";
  const finding::Report read = parse_sarif(render_sarif(report, {.gone = {{make_misuse()}}}));
  ASSERT_EQ(read.findings.size(), report.findings.size()) << "what was gone then is no part of it";
  for (size_t i = 0; i < read.findings.size(); ++i) {
    EXPECT_EQ(read.findings[i].rule, report.findings[i].rule);
    EXPECT_EQ(read.findings[i].grade, report.findings[i].grade);
    EXPECT_EQ(read.findings[i].fingerprint, report.findings[i].fingerprint);
    EXPECT_EQ(read.findings[i].summary, report.findings[i].summary);
    EXPECT_EQ(read.findings[i].suppression, report.findings[i].suppression);
  }
}

std::string sarif_refusal_of(const std::string& text) {
  try {
    parse_sarif(text);
  } catch (const ReportError& error) {
    return error.what();
  }
  return "";
}

TEST(ParseSarif, RefusesWhatIsNotItsOwn) {
  EXPECT_EQ(sarif_refusal_of("{"), "not JSON, or cut off");
  EXPECT_EQ(sarif_refusal_of("[]"), "no SARIF of version 2.1.0");
  EXPECT_EQ(sarif_refusal_of(R"({"version": "2.1.0", "runs": [3]})"),
            "SARIF of another tool; only gordian's own has its fingerprints");
  EXPECT_EQ(sarif_refusal_of(R"({"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "gordian"}}}]})"),
            "a SARIF run has no list of results");
  json sarif = json::parse(render_sarif(make_report(), {}));
  sarif["runs"][0]["results"][0]["ruleId"] = "x";
  EXPECT_EQ(sarif_refusal_of(sarif.dump()), "a result has the unknown ruleId \"x\"");
  sarif = json::parse(render_sarif(make_report(), {}));
  sarif["runs"][0]["results"][0]["properties"] = 3;
  EXPECT_EQ(sarif_refusal_of(sarif.dump()), "a result has the unknown properties.grade \"\"");
}

TEST(FileUri, IsRelativeBelowTheRoot) {
  EXPECT_EQ(file_uri("/src/a/b.cpp", "/src").uri, "a/b.cpp");
  EXPECT_TRUE(file_uri("/src/a/b.cpp", "/src/").is_below_root);
  EXPECT_EQ(file_uri("/src/../src/./b.cpp", "/src").uri, "b.cpp");
  EXPECT_EQ(file_uri("/srcs/b.cpp", "/src").uri, "file:///srcs/b.cpp");
  EXPECT_EQ(file_uri("/src/../b.cpp", "/src").uri, "file:///b.cpp");
  EXPECT_EQ(file_uri("/src", "/src").uri, "file:///src");
  EXPECT_EQ(file_uri("/b.cpp", "/").uri, "b.cpp");
  EXPECT_EQ(file_uri("/b.cpp", "").uri, "file:///b.cpp");
  EXPECT_EQ(file_uri("//host/b.cpp", "").uri, "file:///host/b.cpp") << "no host";
  EXPECT_EQ(file_uri("./nptl/b.c", "/src").uri, "nptl/b.c");
  EXPECT_FALSE(file_uri("./nptl/b.c", "/src").is_below_root);
  EXPECT_EQ(directory_uri("/opt/my bank/"), "file:///opt/my%20bank/");
  EXPECT_EQ(directory_uri("/"), "file:///");
  EXPECT_EQ(path_from_uri("file:///opt/my%20bank/100%.cpp"), "/opt/my bank/100%.cpp");
}

TEST(FileUri, EncodesEveryByteThatIsNotPlain) {
  EXPECT_EQ(file_uri("/a b/\xc3\xa4#?%\xff\n.cpp", "").uri, "file:///a%20b/%C3%A4%23%3F%25%FF%0A.cpp");
  EXPECT_EQ(file_uri("c:x", "").uri, "c%3Ax") << "no scheme";
}

// Leaves examples for the check that runs after it.
TEST(Sarif, WritesTheExamplesForTheSchemaTest) {
  const char* wanted = std::getenv("GORDIAN_EXAMPLES");
  const std::string directory = wanted != nullptr ? wanted : testing::TempDir();
  const SarifOptions options{.source_root = "/opt/bank"};
  finding::Report odd = make_rich_report();
  finding::Step& step = odd.findings[0].cycle[0];
  odd.findings[0].fingerprint.clear();
  odd.findings[0].summary = "\xff{0} [a](b) {lambda}";
  step.thread.name = "\x1b[2J\xe2\x80\xae\"";
  step.waiting_at = {{.address = 0x40},
                     {},
                     {.module = "/opt/bank/lib/[vdso] \xff", .function = "{lambda}"},
                     {.module = "/other/[vdso] \xff", .module_offset = 7},
                     make_frame("operator[](int)", "c:\\x y\\ä.cpp", 0)};
  step.holds[0].acquired_at.clear();
  odd.findings[1].cycle.clear();
  std::ofstream(directory + "/rich.sarif") << render_sarif(make_rich_report(), options);
  std::ofstream(directory + "/odd.sarif")
      << render_sarif(odd, {.source_root = "/opt/b nk", .problems = {"{}"}});
  std::ofstream(directory + "/baseline.sarif")
      << render_sarif(make_rich_report(), {.source_root = "/opt/bank", .gone = {{make_deadlock()}}});
  finding::Report checked;
  checked.findings = {finding::static_inversion("/opt/bank/a b.cpp"), finding::static_race(),
                      finding::static_misuse()};
  for (finding::RuleId rule :
       {finding::RuleId::kDoubleLock, finding::RuleId::kMissingUnlock, finding::RuleId::kWaitWithoutLoop,
        finding::RuleId::kBlockingUnderLock, finding::RuleId::kLockAcrossCoAwait}) {
    checked.findings.push_back(finding::static_misuse());
    checked.findings.back().rule = rule;
  }
  std::ofstream(directory + "/checked.sarif") << render_sarif(checked, options);
  std::ofstream(directory + "/empty.sarif") << render_sarif({}, {});
}

}  // namespace
}  // namespace gordian::report
