#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "analyzer/cli/check_options.h"
#include "analyzer/cli/error.h"
#include "analyzer/finding/merge.h"
#include "analyzer/report/json.h"
#include "tests/unit/cli/scratch.h"
#include "tests/unit/static_findings.h"

namespace gordian::cli {
namespace {

using finding::Finding;
using finding::Grade;
using finding::RuleId;

// A directory with a database, and a pass that finds what the test says.
class Check : public testing::Test {
 protected:
  void SetUp() override {
    scratch_.write("compile_commands.json", "[]");
    command_.database = scratch_.path();
    command_.output.output = scratch_ / "out";
    result_.units = 3;
    result_.report.findings = {finding::static_inversion()};
  }

  int run() {
    return check_program(command_, [this](const check::CheckOptions& options) {
      asked_ = options;
      return result_;
    });
  }

  std::string output() const { return read_whole(scratch_ / "out"); }
  nlohmann::json json() const { return nlohmann::json::parse(output()); }

  Scratch scratch_;
  CheckCommand command_;
  check::CheckResult result_;
  check::CheckOptions asked_;
};

TEST_F(Check, FindingsThatCountAreTheExitCode) {
  EXPECT_EQ(run(), 1);
  command_.output.fail_on = Grade::kPredicted;
  EXPECT_EQ(run(), 0);
  command_.output.fail_on = Grade::kPossible;
  result_.report.findings[0].grade = Grade::kUnlikely;
  EXPECT_EQ(run(), 0);
  result_.report.findings.clear();
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(output(), "no findings\n");
}

TEST_F(Check, WhatWasAskedForReachesThePass) {
  command_.files = {"a.cpp"};
  command_.jobs = 3;
  command_.cache_directory = scratch_ / "kept";
  command_.model_files = {"qt.json"};
  command_.rules = {"double-lock", "data-race"};
  command_.disabled = {"data-race"};
  run();
  EXPECT_EQ(asked_.database, scratch_.path());
  EXPECT_EQ(asked_.files, command_.files);
  EXPECT_EQ(asked_.jobs, 3u);
  EXPECT_EQ(asked_.cache_directory, scratch_ / "kept");
  EXPECT_EQ(asked_.model_files, command_.model_files);
  EXPECT_EQ(asked_.rules, std::set{RuleId::kDoubleLock});
}

TEST_F(Check, ADisabledRuleLeavesTheOthers) {
  run();
  EXPECT_TRUE(asked_.rules.empty()) << "all";
  command_.disabled = {"data-race"};
  run();
  EXPECT_EQ(asked_.rules.size(), static_rules().size() - 1);
  EXPECT_FALSE(asked_.rules.contains(RuleId::kDataRace));
  command_.rules = {"data-race"};
  EXPECT_TRUE(contains(refusal_of([&] { run(); }), "every rule is disabled"));
  command_.rules = {"lost-wakeup"};
  EXPECT_TRUE(contains(refusal_of([&] { run(); }), "does not look for lost-wakeup"));
}

TEST_F(Check, TheCacheIsTheUsersOwnUnlessTold) {
  setenv("XDG_CACHE_HOME", "/caches", 1);
  EXPECT_EQ(user_cache_directory(), "/caches/gordian");
  setenv("XDG_CACHE_HOME", "not/absolute", 1);
  setenv("HOME", "/tmp/user", 1);
  EXPECT_EQ(user_cache_directory(), "/tmp/user/.cache/gordian");
  run();
  EXPECT_EQ(asked_.cache_directory, "/tmp/user/.cache/gordian");
  command_.no_cache = true;
  run();
  EXPECT_EQ(asked_.cache_directory, "");
}

TEST_F(Check, ADatabaseThatIsNotThereIsNamed) {
  command_.database = scratch_ / "missing";
  EXPECT_TRUE(contains(refusal_of([&] { run(); }), "missing: no such file or directory"));
  Scratch empty;
  command_.database = empty.path();
  EXPECT_TRUE(contains(refusal_of([&] { run(); }), "holds no compile_commands.json; cmake writes one"));
}

TEST_F(Check, AFileThatDoesNotParseIsToldAndSinksNothing) {
  result_.failed = {{"/src/broken.cpp", "12:3: expected ';'"}};
  command_.output.format = "json";
  testing::internal::CaptureStderr();
  EXPECT_EQ(run(), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "gordian: /src/broken.cpp was not checked: 12:3: expected ';'\n");
  EXPECT_EQ(json()["unseen"][0]["what"], "source files that do not parse");
  EXPECT_EQ(json()["unseen"][0]["count"], 1);
  command_.output.format = "sarif";
  run();
  const nlohmann::json notes = json()["runs"][0]["invocations"][0]["toolExecutionNotifications"];
  EXPECT_EQ(notes[0]["message"]["text"], "/src/broken.cpp was not checked: 12:3: expected ';'");
  EXPECT_EQ(notes[0]["level"], "error");
}

TEST_F(Check, WhenNothingParsesItFails) {
  result_.units = 2;
  result_.failed = {{"/src/a.cpp", "1:1: x"}, {"/src/b.cpp", "1:1: x"}};
  testing::internal::CaptureStderr();
  EXPECT_TRUE(contains(refusal_of([&] { run(); }), "none of 2 source files could be parsed"));
  testing::internal::GetCapturedStderr();
  result_ = {};
  EXPECT_TRUE(contains(refusal_of([&] { run(); }), "there is nothing to check"));
}

TEST_F(Check, KnownAndSuppressedFindingsDoNotCount) {
  command_.output.write_baseline = scratch_ / "known.json";
  EXPECT_EQ(run(), 1);
  command_.output.write_baseline.clear();
  command_.output.filters.baseline = scratch_ / "known.json";
  EXPECT_EQ(run(), 0);
  EXPECT_TRUE(contains(output(), "note: possible lock-order-inversion, known: deposit() takes"));
  command_.output.filters = {};
  command_.output.filters.suppressions = {
      scratch_.write("supp", "lock-order-inversion:checking the night job is alone\n")};
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(output(), "1 finding, all suppressed\n");
}

TEST_F(Check, WhatOnlyAPartWasLookedAtIsNotGone) {
  command_.output.write_baseline = scratch_ / "known.json";
  run();
  command_.output.write_baseline.clear();
  command_.output.filters.baseline = scratch_ / "known.json";
  command_.output.format = "sarif";
  result_.report.findings.clear();
  run();
  EXPECT_EQ(json()["runs"][0]["results"][0]["baselineState"], "absent");
  command_.files = {"other.cpp"};
  run();
  EXPECT_TRUE(json()["runs"][0]["results"].empty());
}

TEST_F(Check, SidesWithoutNamesOrOfOneNameAreToldApart) {
  Finding& finding = result_.report.findings[0];
  finding.cycle[0].thread.name = finding.cycle[1].thread.name = "worker()";
  result_.report.findings.push_back(finding::static_race());
  result_.report.findings.push_back(finding::static_misuse());
  command_.output.format = "json";
  run();
  const nlohmann::json findings = json()["findings"];
  EXPECT_EQ(findings[0]["cycle"][0]["thread"]["name"], "worker() (side 1)");
  EXPECT_EQ(findings[0]["cycle"][1]["thread"]["name"], "worker() (side 2)");
  EXPECT_EQ(findings[0]["cycle"][0]["held_by"], "\"worker() (side 2)\"");
  EXPECT_EQ(findings[1]["cycle"][0]["thread"]["name"], "saver()");
  EXPECT_EQ(findings[1]["cycle"][1]["thread"]["name"], "side 2");
  EXPECT_EQ(findings[2]["cycle"][0]["thread"]["name"], "");
}

TEST_F(Check, TheLockOrderIsAListAndFailsNothing) {
  finding::OrderEdge edge;
  edge.from.stable = "checking";
  edge.to.stable = "savings";
  edge.from_mode = edge.to_mode = "exclusive";
  edge.acquired_at = edge.attempted_at = {finding::source_frame("deposit()", "/src/bank.cpp", 10)};
  result_.report.lock_order.edges = {edge};
  command_.output.lock_order_graph = true;
  EXPECT_EQ(run(), 0);
  EXPECT_TRUE(contains(output(), "\nchecking -> savings  [exclusive, exclusive] in deposit()\n"));
  command_.output.format = "sarif";
  EXPECT_TRUE(contains(refusal_of([&] { run(); }), "there is no lock-order graph of format sarif"));
}

TEST_F(Check, CommentsInTheSourceSuppress) {
  const std::string file =
      scratch_.write("bank.cpp", std::string(10, '\n') +
                                     "// gordian: ignore(lock-order-inversion) main is alone\n"
                                     "lock(savings);\n"
                                     "// gordian: ignore(data-race)\n"
                                     "// gordian: ignore(double-lock) never used\n"
                                     "x();\n");
  scratch_.write("compile_commands.json",
                 R"([{"directory": ")" + scratch_.path() + R"(", "file": "./bank.cpp"}])");
  result_.report.findings = {finding::static_inversion(file)};
  result_.report.findings[0].cycle[0].waiting_at[0].line = 12;
  command_.output.format = "json";
  testing::internal::CaptureStderr();
  EXPECT_EQ(run(), 0);
  EXPECT_EQ(json()["findings"][0]["suppression"], "main is alone");
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "gordian: " + file +
                ":13: this suppresses nothing: it gives no reason; say behind the bracket why this "
                "is no problem\n");

  command_.output.verbose = true;
  testing::internal::CaptureStderr();
  run();
  EXPECT_TRUE(contains(testing::internal::GetCapturedStderr(),
                       "gordian: " + file + ":14: this suppression matched nothing\n"));
  command_.disabled = {"double-lock"};
  testing::internal::CaptureStderr();
  run();
  EXPECT_FALSE(contains(testing::internal::GetCapturedStderr(), "matched nothing")) << "nobody looked for it";
}

TEST_F(Check, OnlyWhatChangedIsShownAndTheRestIsCounted) {
  command_.changed_since = "HEAD";
  EXPECT_TRUE(contains(refusal_of([&] { run(); }), "--changed-since HEAD: fatal: not a git repository"));
  ASSERT_EQ(system(("git -C " + scratch_.path() + " init --quiet && git -C " + scratch_.path() +
                    " -c user.name=a -c user.email=a@b commit --quiet --allow-empty -m first")
                       .c_str()),
            0);
  const std::string file = scratch_.write("new.cpp", "void f() {}\n");
  result_.report.findings.push_back(finding::static_misuse(file));
  testing::internal::CaptureStderr();
  EXPECT_EQ(run(), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "gordian: 1 finding is not shown: no place of it has changed since HEAD\n");
  EXPECT_TRUE(contains(output(), "unnamed-guard"));
  EXPECT_FALSE(contains(output(), "lock-order-inversion"));
}

TEST_F(Check, ProgressIsForTerminalsAlone) {
  testing::internal::CaptureStderr();
  check_program(command_, [this](const check::CheckOptions& options) {
    options.progress(1, 3);
    return result_;
  });
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace gordian::cli
