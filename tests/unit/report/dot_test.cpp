#include "analyzer/report/dot.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "analyzer/report/lock_order_graph.h"
#include "tests/unit/contains.h"
#include "tests/unit/report/example.h"

namespace gordian::report {
namespace {

using test::contains;

finding::Report with_finding(finding::Finding finding) {
  finding::Report report;
  report.findings = {std::move(finding)};
  return report;
}

TEST(Dot, ADeadlockIsARingOfArrows) {
  const std::string dot = render_dot(with_finding(make_deadlock()));
  for (const char* arrow : {"f0_t0 -> f0_r1 [label=\"waits for\\n", "f0_r1 -> f0_t1 [label=\"held by\\n",
                            "f0_t1 -> f0_r0 [label=\"waits for\\n", "f0_r0 -> f0_t0 [label=\"held by\\n"}) {
    EXPECT_TRUE(contains(dot, arrow)) << dot;
  }
}

TEST(Dot, AJoinLeadsToTheThreadItself) {
  finding::Finding finding = make_deadlock();
  finding.cycle[0].waits_for = {"\"bob\" (tid 103)", "thread", 0, ""};
  finding.cycle[1].holds.clear();
  const std::string dot = render_dot(with_finding(finding));
  EXPECT_TRUE(contains(dot, "f0_t0 -> f0_t1 [label=\"waits for the end of\\n")) << dot;
}

TEST(Dot, AHolderKnownFromUseOrGoneIsDashed) {
  finding::Finding finding = make_deadlock();
  finding.cycle[0].link = "observed holder";
  finding.cycle[1].holds.clear();
  finding.cycle[1].held_by_step = 99;
  finding.cycle[1].held_by = "\"gone\" (tid 9)";
  finding.cycle[1].link = "ended";
  const std::string dot = render_dot(with_finding(finding));
  EXPECT_TRUE(contains(dot, "f0_r1 -> f0_t1 [label=\"observed holder\", style=dashed]")) << dot;
  EXPECT_TRUE(contains(dot, "f0_h1 [shape=box, style=dashed, label=\"\\\"gone\\\" (tid 9)\"]")) << dot;
  EXPECT_TRUE(contains(dot, "f0_r0 -> f0_h1 [label=\"ended\", style=dashed]")) << dot;
}

TEST(Dot, TwoLocksOfOneNameAreTwo) {
  finding::Finding finding = make_deadlock();
  for (finding::Step& step : finding.cycle) {
    step.waits_for.name = "mutex";
    step.holds[0].resource.name = "mutex";
  }
  EXPECT_TRUE(contains(render_dot(with_finding(finding)), "f0_r1 [shape=ellipse"));
}

TEST(Dot, StringsEndWhereTheyShould) {
  EXPECT_EQ(dot_string("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(dot_string("first\nsecond"), R"("first\nsecond")");
  EXPECT_EQ(dot_string("\\N \\"), R"("\\N \\")");
  EXPECT_EQ(dot_string("f(A&, B&lt;)"), "\"f(A&amp;, B&amp;lt;)\"");
  EXPECT_EQ(dot_string("\x1b[2J\xff"), R"("\\x1b[2J\\xff")");
  EXPECT_EQ(dot_string(""), R"("")");
}

TEST(Dot, AnEmptyReportIsAGraph) {
  EXPECT_TRUE(contains(render_dot({}), "no findings"));
}

TEST(LockOrderGraph, LinesAreSortedAndThereOnce) {
  finding::LockOrder order = make_rich_report().lock_order;
  finding::OrderEdge moved = order.edges[0];
  moved.attempted_at[0].line = 99;
  moved.from.address = 1;
  moved.threads = {"another"};
  order.edges.insert(order.edges.begin(), {order.edges[1], moved});
  EXPECT_EQ(render_lock_order_text(order), render_lock_order_text(make_rich_report().lock_order));
}

TEST(LockOrderGraph, SaysInWhichFunctionsAndModes) {
  finding::OrderEdge edge = make_edge("a", "b");
  edge.to_mode = "shared";
  EXPECT_EQ(order_line(edge), "a -> b  [exclusive, shared] in transfer(int, int)");
  edge.acquired_at[0].function = "begin()";
  edge.guards = {"z", "g", "z"};
  EXPECT_EQ(order_line(edge),
            "a -> b  [exclusive, shared] in begin(), then transfer(int, int), held with {g, z}");
  edge.acquired_at.clear();
  edge.guards.clear();
  EXPECT_EQ(order_line(edge), "a -> b  [exclusive, shared] in ??, then transfer(int, int)");
  edge.attempted_at.clear();
  edge.from = {.name = "0x10", .kind = "mutex", .address = 16, .stable = ""};
  EXPECT_EQ(order_line(edge), "mutex -> b  [exclusive, shared] in ??") << "no address";
}

TEST(LockOrderGraph, AHostileNameKeepsToItsLine) {
  finding::LockOrder order;
  order.edges = {make_edge("a\nb -> c\x1b[2J", "d")};
  const std::string text = render_lock_order_text(order);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2);
  EXPECT_FALSE(contains(text, "\x1b"));
}

TEST(LockOrderGraph, WithoutOrdersSaysSo) {
  EXPECT_TRUE(contains(render_lock_order_text({}), "# no lock was asked for while another was held\n"));
  EXPECT_EQ(nlohmann::json::parse(render_lock_order_json({})),
            nlohmann::json({{"edges", nlohmann::json::array()}, {"edges_not_shown", 0}}));
}

// Leaves examples for the check that runs after it.
TEST(Dot, WritesTheExamplesForGraphviz) {
  const char* wanted = std::getenv("GORDIAN_EXAMPLES");
  const std::string directory = wanted != nullptr ? wanted : testing::TempDir();
  const std::string hostile = "\"]; x -> y [label=\"\\\n</TABLE> \\N &lt; \xff\x1b{|}<p>";
  finding::Report odd = make_rich_report();
  odd.findings[0].summary = hostile;
  odd.findings[0].cycle[0].thread.name = hostile;
  odd.findings[0].cycle[0].waits_for.name = hostile;
  odd.findings[0].cycle[0].waiting_at[1].function = hostile;
  odd.findings[1].cycle.clear();
  odd.lock_order.edges.push_back(make_edge(hostile, "a"));
  std::ofstream(directory + "/rich.dot") << render_dot(make_rich_report());
  std::ofstream(directory + "/odd.dot") << render_dot(odd);
  std::ofstream(directory + "/empty.dot") << render_dot({});
  std::ofstream(directory + "/order.dot") << render_lock_order_dot(odd.lock_order);
}

}  // namespace
}  // namespace gordian::report
