#include "analyzer/report/json.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/unit/report/example.h"

namespace gordian::report {
namespace {

using nlohmann::json;

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

void expect_keys(const json& object, std::vector<std::string> wanted) {
  std::sort(wanted.begin(), wanted.end());
  EXPECT_EQ(keys_of(object), wanted);
}

TEST(Json, HasEveryKeyOfTheContract) {
  const json report = json::parse(render_json(make_report()));
  EXPECT_EQ(report["schema"], "gordian-report/1");
  expect_keys(report, {"schema", "tool", "program", "other_programs", "findings", "unseen", "lock_order"});
  expect_keys(report["tool"], {"name", "version"});
  expect_keys(report["program"], {"path", "arguments", "pid", "build_id", "started"});
  expect_keys(report["unseen"][0], {"what", "count", "why", "consequence"});
  const json& finding = report["findings"][0];
  expect_keys(finding, {"rule",       "grade",       "grade_reason", "fingerprint",       "summary",
                        "conditions", "cycle",       "schedule",     "members_not_shown", "waiting_behind",
                        "locations",  "fix",         "suppressed",   "suppression",       "baseline",
                        "pid",        "occurrences", "also_in",      "confirmation",      "exercised"});
  expect_keys(finding["conditions"], {"mutual_exclusion", "hold_and_wait", "no_preemption", "circular_wait"});
  expect_keys(finding["conditions"]["no_preemption"], {"holds", "evidence"});
  const json& step = finding["cycle"][0];
  expect_keys(step, {"thread", "waits_for", "wait_mode", "held_by", "held_by_step", "link", "since_ms",
                     "waiting_at", "holds"});
  expect_keys(step["thread"], {"name", "tid", "pid", "started_at"});
  expect_keys(step["waits_for"], {"name", "kind", "address", "stable"});
  expect_keys(step["holds"][0], {"resource", "mode", "acquired_at"});
  expect_keys(step["waiting_at"][0], {"address", "module", "module_offset", "function", "file", "line",
                                      "column", "inlined", "language"});
}

TEST(Json, HasTheLockOrder) {
  const json order = json::parse(render_json(make_rich_report()))["lock_order"];
  expect_keys(order, {"edges", "edges_not_shown"});
  EXPECT_EQ(order["edges_not_shown"], 3);
  ASSERT_EQ(order["edges"].size(), 2u);
  const json& edge = order["edges"][1];
  expect_keys(edge, {"from", "to", "from_mode", "to_mode", "acquired_at", "attempted_at", "guards", "threads",
                     "contexts"});
  EXPECT_EQ(edge["from"]["stable"], "accounts[1].lock");
  EXPECT_EQ(edge["attempted_at"][0]["line"], 41);
  EXPECT_EQ(edge["guards"], json({"registry_lock"}));
}

TEST(Json, AddressesAreStringsAndAbsentHoldersNull) {
  finding::Report report = make_report();
  report.findings[0].cycle[0].waits_for.address = 0xffffffffffffffff;
  report.findings[0].cycle[0].held_by.clear();
  report.findings[0].cycle[0].held_by_step.reset();
  report.findings[0].conditions.reset();
  const json finding = json::parse(render_json(report))["findings"][0];
  EXPECT_EQ(finding["cycle"][0]["waits_for"]["address"], "0xffffffffffffffff");
  EXPECT_TRUE(finding["cycle"][0]["held_by"].is_null());
  EXPECT_TRUE(finding["cycle"][0]["held_by_step"].is_null());
  EXPECT_TRUE(finding["conditions"].is_null());
}

TEST(Json, LocationsAreThoseOfTheProgramsOwnCode) {
  const json locations = json::parse(render_json(make_report()))["findings"][0]["locations"];
  ASSERT_EQ(locations.size(), 4u);
  EXPECT_EQ(locations[0]["file"], "/opt/bank/bank.cpp");
  EXPECT_EQ(locations[0]["line"], 41);
  EXPECT_EQ(locations[0]["message"], "waits for accounts[1].lock");
  EXPECT_EQ(locations[1]["message"], "acquired accounts[0].lock");
}

TEST(Json, WhatCameOfAConfirmationIsThere) {
  const json findings = json::parse(render_json(make_rich_report()))["findings"];
  EXPECT_TRUE(findings[0]["confirmation"].is_null());
  EXPECT_TRUE(findings[0]["exercised"].is_null());
  expect_keys(findings[2]["exercised"], {"outcome", "explanation"});
  expect_keys(findings[2]["confirmation"],
              {"outcome", "tries", "arrived", "participants", "seed", "explanation"});
  EXPECT_EQ(findings[2]["confirmation"]["seed"], 0xffffffffffffffff);
}

TEST(Json, LocationsSayWhatIsDoneThere) {
  finding::Report report;
  report.findings = {make_inversion(), make_misuse()};
  const json findings = json::parse(render_json(report))["findings"];
  EXPECT_EQ(findings[0]["locations"][0]["message"], "asks for accounts[1].lock");
  EXPECT_EQ(findings[1]["locations"][0]["message"], "unlocks queue_lock");
}

TEST(Json, AnEmptyReportIsComplete) {
  const json report = json::parse(render_json({}));
  EXPECT_TRUE(report["findings"].is_array());
  EXPECT_TRUE(report["unseen"].is_array());
  EXPECT_TRUE(report["program"]["arguments"].is_array());
}

TEST(Json, BytesThatAreNoUtf8BreakNothing) {
  finding::Report report = make_report();
  report.findings[0].cycle[0].thread.name = "\xff\x1b\xc3";
  report.program.arguments = {std::string("a\0b", 3), "\xed\xa0\x80"};
  const std::string text = render_json(report);
  const json read = json::parse(text);
  EXPECT_EQ(read["findings"][0]["cycle"][0]["thread"]["name"], "\ufffd\x1b\ufffd");
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(ParseJson, ReadsBackWhatWasWritten) {
  finding::Report report = make_report();
  report.other_programs = {report.program};
  report.findings.push_back(make_deadlock());
  report.findings[1].conditions.reset();
  report.findings[1].baseline = finding::Baseline::kKnown;
  report.findings[1].suppressed = true;
  report.findings[1].also_in = {7, 8};
  report.findings[1].occurrences = 4;
  report.findings[1].cycle[0].held_by_step.reset();
  EXPECT_EQ(render_json(parse_json(render_json(report))), render_json(report));
  EXPECT_EQ(render_json(parse_json(render_json(make_rich_report()))), render_json(make_rich_report()));
}

TEST(ParseJson, ReadsReportsOfEarlierVersions) {
  json report = json::parse(render_json(make_report()));
  report.erase("lock_order");
  for (const char* key : {"schedule", "suppression", "confirmation", "exercised"})
    report["findings"][0].erase(key);
  EXPECT_EQ(render_json(parse_json(report.dump())), render_json(make_report()));
}

TEST(ParseJson, PassesOverWhatALaterVersionAdds) {
  json report = json::parse(render_json(make_report()));
  report["later"] = {1, 2};
  report["findings"][0]["later"] = "x";
  report["findings"][0].erase("also_in");
  EXPECT_EQ(render_json(parse_json(report.dump())), render_json(make_report()));
}

std::string refusal_of(const std::string& text) {
  try {
    parse_json(text);
  } catch (const ReportError& error) {
    return error.what();
  }
  return "";
}

TEST(ParseJson, RefusesWhatIsNoReportAndSaysWhy) {
  EXPECT_EQ(refusal_of("{\"schema\": "), "not JSON, or cut off");
  EXPECT_EQ(refusal_of("[]"), "no report: an object is expected");
  EXPECT_EQ(refusal_of("{}"), "no report of format gordian-report/1");
  EXPECT_EQ(refusal_of(R"({"schema": "gordian-report/2"})"),
            "no report of format gordian-report/1: its schema is \"gordian-report/2\"");
  EXPECT_EQ(refusal_of(R"({"schema": "gordian-report/1", "findings": 3})"), "\"findings\" is no list");
  EXPECT_EQ(refusal_of(R"({"schema": "gordian-report/1", "findings": [3]})"),
            "an object is expected around \"rule\"");
  EXPECT_EQ(refusal_of(R"({"schema": "gordian-report/1", "program": {"pid": -1}})"),
            "\"pid\" has a value of the wrong type");
  EXPECT_EQ(refusal_of(R"({"schema": "gordian-report/1", "findings": [{"rule": "x"}]})"),
            "\"rule\" has the unknown value \"x\"");
  EXPECT_EQ(refusal_of(R"({"schema": "gordian-report/1", "lock_order": {"edges": [{"guards": [1]}]}})"),
            "\"guards\" holds something that is no string");
}

TEST(ParseJson, SurvivesEveryTruncation) {
  const std::string text = render_json(make_report());
  for (size_t size = 0; size + 2 < text.size(); size += 7)
    EXPECT_NE(refusal_of(text.substr(0, size)), "") << size;
}

// Leaves examples for the schema test that runs after it.
TEST(Json, WritesTheExamplesForTheSchemaTest) {
  const char* wanted = std::getenv("GORDIAN_EXAMPLES");
  const std::string directory = wanted != nullptr ? wanted : testing::TempDir();
  finding::Report odd = make_report();
  odd.findings[0].conditions.reset();
  odd.findings[0].cycle[0].held_by.clear();
  odd.findings[0].cycle[0].held_by_step.reset();
  odd.findings[0].cycle[0].thread.name = "\xff";
  odd.other_programs = {odd.program};
  std::ofstream(directory + "/full.json") << render_json(make_report());
  std::ofstream(directory + "/odd.json") << render_json(odd);
  std::ofstream(directory + "/rich.json") << render_json(make_rich_report());
  std::ofstream(directory + "/empty.json") << render_json({});
}

}  // namespace
}  // namespace gordian::report
