// The formats as they are, kept in tests/golden and compared byte for byte.
//
// GORDIAN_UPDATE_GOLDEN=1 build/bin/report_tests --gtest_filter='Golden.*' writes them anew; read the
// difference before you commit it.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "analyzer/finding/compare.h"
#include "analyzer/report/difference.h"
#include "analyzer/report/dot.h"
#include "analyzer/report/json.h"
#include "analyzer/report/lock_order_graph.h"
#include "analyzer/report/sarif.h"
#include "analyzer/report/text.h"
#include "tests/unit/report/example.h"

namespace gordian::report {
namespace {

// The version is the one thing that changes without anybody changing the format.
std::string without_version(std::string text) {
  const std::string version = '"' + std::string(GORDIAN_VERSION) + '"';
  for (size_t place; (place = text.find(version)) != text.npos;)
    text.replace(place, version.size(), "\"VERSION\"");
  return text;
}

void expect_golden(const std::string& name, const std::string& rendered) {
  const std::string path = std::string(GORDIAN_GOLDEN_DIRECTORY) + '/' + name;
  const std::string now = without_version(rendered);
  if (std::getenv("GORDIAN_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << now;
  std::ifstream file(path, std::ios::binary);
  const std::string wanted{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(now, wanted) << path << "; GORDIAN_UPDATE_GOLDEN=1 writes it anew";
}

TEST(Golden, Text) {
  TextOptions options;
  options.base_directory = "/opt/bank";
  finding::Report report = make_rich_report();
  report.findings[0].schedule = report.findings[2].schedule;
  report.findings[0].baseline = finding::Baseline::kKnown;
  report.findings.erase(report.findings.begin() + 1, report.findings.begin() + 3);
  expect_golden("report.txt", render_text(report, options));
}

TEST(Golden, Sarif) {
  finding::Report report = make_rich_report();
  report.findings = {report.findings[0], report.findings[4]};
  report.findings[0].baseline = finding::Baseline::kKnown;
  // Without debug information: a place in the module.
  report.findings[1].cycle[0].waiting_at[0].file.clear();
  finding::Finding gone = make_inversion();
  gone.cycle.clear();
  gone.schedule.clear();
  gone.conditions.reset();
  expect_golden("report.sarif", render_sarif(report, {.source_root = "/opt/bank", .gone = {{gone}}}));
}

TEST(Golden, Dot) {
  finding::Report report = make_rich_report();
  report.findings.resize(3);
  expect_golden("report.dot", render_dot(report));
}

TEST(Golden, LockOrderGraph) {
  expect_golden("lock_order.txt", render_lock_order_text(make_rich_report().lock_order));
  expect_golden("lock_order.dot", render_lock_order_dot(make_rich_report().lock_order));
}

TEST(Golden, Difference) {
  finding::Report earlier = make_rich_report();
  earlier.findings.erase(earlier.findings.begin());
  earlier.lock_order.edges.pop_back();
  finding::Report now = make_rich_report();
  now.findings.pop_back();
  now.lock_order.edges.erase(now.lock_order.edges.begin());
  TextOptions options;
  options.base_directory = "/opt/bank";
  expect_golden("difference.txt", render_difference_text(compare(earlier, now), options));
}

}  // namespace
}  // namespace gordian::report
