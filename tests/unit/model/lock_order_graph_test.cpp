#include "analyzer/model/lock_order_graph.h"

#include <gtest/gtest.h>

#include <chrono>
#include <random>
#include <set>

#include "tests/unit/order_scenario.h"

namespace gordian::model {
namespace {

using namespace gordian::test;

bool has_edge(const LockOrderGraph& graph, uint32_t from, uint32_t to) {
  const auto [begin, end] = boost::adjacent_vertices(from, graph.graph());
  return std::find(begin, end, to) != end;
}

size_t edge_count(const LockOrder& order) {
  return boost::num_edges(LockOrderGraph(order).graph());
}

TEST(LockOrderGraph, has_an_edge_from_each_lock_held_to_the_one_asked_for) {
  OrderScenario run;
  const uint32_t abc = run.takes(1, {mutex(1), mutex(2), mutex(3)});
  run.takes(1, {mutex(3), mutex(1)});
  const LockOrderGraph graph(run.order());
  const uint32_t a = run.lock(mutex(1)), b = run.lock(mutex(2)), c = run.lock(mutex(3));
  EXPECT_TRUE(has_edge(graph, a, c));
  EXPECT_TRUE(has_edge(graph, b, c));
  EXPECT_TRUE(has_edge(graph, c, a));
  EXPECT_FALSE(has_edge(graph, a, b)) << "b was only taken by a try, which never blocks";
  ASSERT_EQ(graph.contexts(a, c).size(), 1u);
  EXPECT_EQ(graph.contexts(a, c)[0].step, abc);
  EXPECT_EQ(run.order().steps[graph.contexts(a, c)[0].ancestor].lock, a);
  EXPECT_TRUE(graph.contexts(b, c).empty()) << "it can be on no cycle";
  EXPECT_TRUE(graph.has_all_contexts(a, c));
  EXPECT_EQ(graph.left_out(), 0u);
}

TEST(LockOrderGraph, makes_nothing_of_a_lock_that_is_taken_again) {
  OrderScenario run;
  run.takes(1, {mutex(1), mutex(2), mutex(1)});
  EXPECT_EQ(edge_count(run.order()), 0u);
  run.takes(1, {mutex(1), mutex(2), mutex(1), mutex(3)});
  const LockOrderGraph graph(run.order());
  EXPECT_EQ(boost::num_edges(graph.graph()), 2u) << "to mutex 3, from mutex 1 and 2, each once";
}

TEST(LockOrderGraph, keeps_lives_of_one_address_apart_unless_asked_not_to) {
  OrderScenario run;
  run.takes(1, {life(1, mutex(1)), mutex(2)});
  run.takes(2, {mutex(2), life(2, mutex(1))});
  EXPECT_TRUE(find_cycles(LockOrderGraph(run.order()).graph()).cycles.empty());
  const LockOrderGraph together(run.order(), Lives::kTogether);
  EXPECT_EQ(find_cycles(together.graph()).cycles.size(), 1u);
  EXPECT_EQ(together.vertex_of(run.lock(life(2, mutex(1)))), run.lock(life(1, mutex(1))));
}

TEST(LockOrderGraph, a_joined_thread_holds_itself_and_asks_for_all_that_it_ever_took) {
  OrderScenario run;
  run.takes(1, {mutex(1), end_of(2)});
  const uint32_t bare = run.takes(2, {mutex(1)});
  run.takes(2, {mutex(7), mutex(8)});
  run.takes(3, {mutex(9)});
  const LockOrderGraph graph(run.order());
  const uint32_t thread = run.lock(end_of(2));
  EXPECT_TRUE(has_edge(graph, run.lock(mutex(1)), thread));
  EXPECT_TRUE(has_edge(graph, thread, run.lock(mutex(1))));
  EXPECT_TRUE(has_edge(graph, thread, run.lock(mutex(8))));
  EXPECT_FALSE(has_edge(graph, thread, run.lock(mutex(9)))) << "another thread took that";
  ASSERT_EQ(graph.contexts(thread, run.lock(mutex(1))).size(), 1u);
  EXPECT_EQ(graph.contexts(thread, run.lock(mutex(1)))[0].step, bare);
  EXPECT_EQ(graph.contexts(thread, run.lock(mutex(1)))[0].ancestor, kNoStep);
}

TEST(LockOrderGraph, events_are_no_locks) {
  OrderScenario run;
  run.takes(1, {mutex(1), semaphore(1)});
  run.takes(2, {semaphore(1), mutex(1)});
  EXPECT_EQ(edge_count(run.order()), 2u);
  run.at(semaphore(1)).units = 1;
  EXPECT_EQ(edge_count(run.order()), 2u);
  run.at(semaphore(1)).units = 0;
  EXPECT_EQ(edge_count(run.order()), 0u) << "somebody else posts first";
  run.at(semaphore(1)).units = 3;
  EXPECT_EQ(edge_count(run.order()), 2u) << "it takes part, and the verdict says why it is harmless";
  run.at(semaphore(1)).usage = record::Usage::kSignal;
  EXPECT_EQ(edge_count(run.order()), 0u);

  OrderScenario others;
  others.takes(1, {mutex(1), condition(1)});
  others.takes(1, {mutex(1), barrier(1)});
  EXPECT_EQ(edge_count(others.order()), 0u);
}

// What the graph should be, by the definition.
std::set<std::pair<uint32_t, uint32_t>> naive_edges(const LockOrder& order) {
  std::set<std::pair<uint32_t, uint32_t>> edges;
  for (const OrderStep& asks : order.steps) {
    if (!asks.attempted) continue;
    std::set<uint32_t> held;
    for (uint32_t above = asks.parent; above != UINT32_MAX; above = order.steps[above].parent)
      held.insert(order.steps[above].lock);
    if (held.contains(asks.lock)) continue;
    for (const uint32_t from : held) edges.insert({from, asks.lock});
  }
  return edges;
}

TEST(LockOrderGraph, of_random_runs_has_the_edges_of_the_definition) {
  std::mt19937 random(5);
  for (int round = 0; round < 300; ++round) {
    OrderScenario run;
    for (int i = 0; i < 12; ++i) {
      std::vector<Asked> path;
      const size_t size = 1 + random() % 5;
      while (path.size() < size) path.push_back(mutex(random() % 6));
      run.takes(1 + static_cast<uint32_t>(random() % 3), path);
    }
    const LockOrderGraph graph(run.order());
    std::set<std::pair<uint32_t, uint32_t>> edges;
    const auto [begin, end] = boost::edges(graph.graph());
    for (auto edge = begin; edge != end; ++edge)
      edges.insert({boost::source(*edge, graph.graph()), boost::target(*edge, graph.graph())});
    EXPECT_EQ(edges, naive_edges(run.order()));
    for (const LockCycle& cycle : find_cycles(graph.graph()).cycles) {
      for (size_t i = 0; i < cycle.size(); ++i) {
        const uint32_t from = cycle[i], to = cycle[(i + 1) % cycle.size()];
        const auto contexts = graph.contexts(from, to);
        EXPECT_FALSE(contexts.empty());
        for (const OrderContext& each : contexts) {
          EXPECT_EQ(run.order().steps[each.step].lock, to);
          EXPECT_EQ(run.order().steps[each.ancestor].lock, from);
        }
      }
    }
  }
}

TEST(LockOrderGraph, counts_what_finds_no_room) {
  OrderScenario run;
  for (uint32_t i = 0; i < 10; ++i) {
    run.takes(1, {mutex(i + 10), mutex(1), mutex(2)});
    run.takes(1, {mutex(2), mutex(1)});
  }
  const uint32_t one = run.lock(mutex(1)), two = run.lock(mutex(2));
  OrderLimits few_contexts;
  few_contexts.contexts_per_edge = 4;
  const LockOrderGraph narrow(run.order(), Lives::kApart, few_contexts);
  EXPECT_EQ(narrow.contexts(one, two).size(), 4u);
  EXPECT_EQ(narrow.left_out(), 6u);
  EXPECT_FALSE(narrow.has_all_contexts(one, two));
  EXPECT_TRUE(narrow.has_all_contexts(two, one));

  OrderLimits few_edges;
  few_edges.edges = 3;
  const LockOrderGraph small(run.order(), Lives::kApart, few_edges);
  EXPECT_EQ(boost::num_edges(small.graph()), 3u);
  EXPECT_GE(small.left_out(), 12u - 3) << "ways that were seen, not edges";

  OrderLimits short_look;
  short_look.contexts = 5;
  const LockOrderGraph hasty(run.order(), Lives::kApart, short_look);
  EXPECT_GT(hasty.left_out(), 0u);
  EXPECT_FALSE(hasty.has_all_contexts(one, two));
}

TEST(LockOrderGraph, of_three_hundred_locks_in_all_orders_is_searched_at_once) {
  LockOrder order;
  constexpr uint32_t kSize = 300;
  for (uint32_t i = 0; i < kSize; ++i) {
    order.locks.push_back({mutex(i), 1});
    OrderStep step;
    step.lock = i;
    order.steps.push_back(step);
  }
  for (uint32_t from = 0; from < kSize; ++from) {
    for (uint32_t to = 0; to < kSize; ++to) {
      if (from == to) continue;
      OrderStep step;
      step.parent = from;
      step.lock = to;
      step.attempted = true;
      step.witnesses = {{1 + from % 2, 0, 0}};
      order.steps.push_back(step);
    }
  }
  const auto start = std::chrono::steady_clock::now();
  const LockOrderGraph graph(order);
  const LockCycles cycles = find_cycles(graph.graph());
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
  EXPECT_EQ(cycles.cycles.front().size(), 2u);
  EXPECT_FALSE(cycles.complete);
}

}  // namespace
}  // namespace gordian::model
