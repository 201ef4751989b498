#include "analyzer/finding/lock_orders.h"

#include <gtest/gtest.h>

#include "analyzer/finding/merge.h"

namespace gordian::finding {
namespace {

OrderEdge make_edge(std::string from, std::string to, std::string function, uint32_t line) {
  OrderEdge edge;
  edge.from = {from, "mutex", 0x1000, from};
  edge.to = {to, "mutex", 0x2000, to};
  edge.from_mode = edge.to_mode = "exclusive";
  edge.acquired_at =
      edge.attempted_at = {{.function = std::move(function), .file = "/src/a.cpp", .line = line}};
  edge.contexts = 1;
  return edge;
}

Report make_report(uint32_t pid, std::vector<OrderEdge> edges) {
  Report report;
  report.program = {.path = "/bin/app", .pid = pid, .started = "2026-01-02T03:04:05Z"};
  report.lock_order.edges = std::move(edges);
  report.lock_order.edges_not_shown = 2;
  return report;
}

TEST(LockOrders, TheSameOrderOfTwoProcessesIsOne) {
  OrderEdge first = make_edge("a", "b", "f()", 10);
  first.guards = {"g", "h"};
  first.threads = {"one"};
  OrderEdge second = first;
  second.from.address = 0x9000;  // another process has it elsewhere
  second.guards = {"h"};
  second.threads = {"two", "one"};
  second.contexts = 5;
  const LockOrder merged = merge({make_report(1, {first}), make_report(2, {second})}).lock_order;
  ASSERT_EQ(merged.edges.size(), 1u);
  EXPECT_EQ(merged.edges[0].guards, (std::vector<std::string>{"h"})) << "held in every sighting";
  EXPECT_EQ(merged.edges[0].threads, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(merged.edges[0].contexts, 5u);
  EXPECT_EQ(merged.edges_not_shown, 4u);
}

TEST(LockOrders, AnotherSiteOrModeIsAnotherEdge) {
  OrderEdge shared = make_edge("a", "b", "f()", 10);
  shared.to_mode = "shared";
  const Report report =
      make_report(1, {make_edge("a", "b", "f()", 10), make_edge("a", "b", "f()", 11), shared});
  EXPECT_EQ(merge({report}).lock_order.edges.size(), 3u);
}

TEST(LockOrders, ARecordBesideItsReportCountsNothingTwice) {
  const Report report = make_report(1, {make_edge("a", "b", "f()", 10)});
  const LockOrder merged = merge({report, report}).lock_order;
  EXPECT_EQ(merged.edges.size(), 1u);
  EXPECT_EQ(merged.edges_not_shown, 2u);
}

TEST(LockOrders, AreSortedByNamesWhateverCameFirst) {
  const OrderEdge ab = make_edge("a", "b", "f()", 10);
  const OrderEdge ac = make_edge("a", "c", "f()", 10);
  const OrderEdge ba = make_edge("b", "a", "f()", 10);
  const LockOrder merged = merge({make_report(1, {ba, ac}), make_report(2, {ab})}).lock_order;
  ASSERT_EQ(merged.edges.size(), 3u);
  EXPECT_EQ(merged.edges[0].to.stable + merged.edges[1].to.stable + merged.edges[2].to.stable, "bca");
}

TEST(LockOrders, TheIdentityOutlivesAnEdit) {
  OrderEdge moved = make_edge("a", "b", "f()", 400);
  moved.from.address = 0x77;
  EXPECT_EQ(identity_of(make_edge("a", "b", "f()", 10)), identity_of(moved));
  EXPECT_EQ(identity_of(make_edge("a", "b", "f()", 10)), identity_of(make_edge("a", "b", "g()", 10)));
  EXPECT_NE(identity_of(make_edge("a", "b", "f()", 10)), identity_of(make_edge("b", "a", "f()", 10)));
}

TEST(LockOrders, LocksWithoutANameAreToldApartByFunction) {
  EXPECT_NE(identity_of(make_edge("mutex", "b", "f()", 10)), identity_of(make_edge("mutex", "b", "g()", 10)));
}

}  // namespace
}  // namespace gordian::finding
