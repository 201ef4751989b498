#include "analyzer/model/lock_cycles.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <random>
#include <set>

namespace gordian::model {
namespace {

using Edges = std::set<std::pair<uint32_t, uint32_t>>;

OrderGraph graph_of(const Edges& edges, uint32_t vertices) {
  return {boost::edges_are_sorted, edges.begin(), edges.end(), vertices};
}

// All simple cycles, by trying every path: what the clever search must agree with.
std::set<LockCycle> all_cycles(const Edges& edges, uint32_t vertices) {
  std::set<LockCycle> cycles;
  LockCycle path;
  const std::function<void(uint32_t)> extend = [&](uint32_t at) {
    path.push_back(at);
    if (path.size() > 1 && edges.contains({at, path.front()})) cycles.insert(path);
    for (uint32_t to = path.front() + 1; to < vertices; ++to)
      if (edges.contains({at, to}) && std::find(path.begin(), path.end(), to) == path.end()) extend(to);
    path.pop_back();
  };
  for (uint32_t root = 0; root < vertices; ++root) extend(root);
  return cycles;
}

std::set<std::pair<uint32_t, uint32_t>> edges_on(const std::set<LockCycle>& cycles) {
  std::set<std::pair<uint32_t, uint32_t>> edges;
  for (const LockCycle& cycle : cycles)
    for (size_t i = 0; i < cycle.size(); ++i) edges.insert({cycle[i], cycle[(i + 1) % cycle.size()]});
  return edges;
}

Edges random_edges(std::mt19937& random, uint32_t vertices) {
  const uint32_t density = 1 + static_cast<uint32_t>(random() % 6);
  Edges edges;
  for (uint32_t from = 0; from < vertices; ++from)
    for (uint32_t to = 0; to < vertices; ++to)
      if (from != to && random() % 10 < density) edges.insert({from, to});
  return edges;
}

TEST(LockCycles, of_small_graphs_are_those_that_trying_everything_finds) {
  std::mt19937 random(7);
  for (int round = 0; round < 1'500; ++round) {
    const auto vertices = static_cast<uint32_t>(2 + random() % 6);
    const Edges edges = random_edges(random, vertices);
    const std::set<LockCycle> expected = all_cycles(edges, vertices);
    const LockCycles found = find_cycles(graph_of(edges, vertices));
    if (!found.complete) {
      EXPECT_GT(expected.size(), CycleLimits().listed_per_component);
      continue;
    }
    EXPECT_EQ(std::set<LockCycle>(found.cycles.begin(), found.cycles.end()), expected) << "round " << round;
    EXPECT_EQ(found.cycles.size(), expected.size()) << "each is told once";
    EXPECT_EQ(found.edges_uncovered, 0u);
  }
}

TEST(LockCycles, cut_short_are_true_short_and_cover_every_edge_but_those_counted) {
  std::mt19937 random(11);
  for (int round = 0; round < 1'500; ++round) {
    const auto vertices = static_cast<uint32_t>(2 + random() % 6);
    const Edges edges = random_edges(random, vertices);
    const std::set<LockCycle> expected = all_cycles(edges, vertices);
    CycleLimits limits;
    limits.listed_per_component = static_cast<uint32_t>(random() % 5);
    limits.covering_per_component = static_cast<uint32_t>(random() % 40);
    limits.steps_per_component = random() % 300;
    const LockCycles found = find_cycles(graph_of(edges, vertices), limits);
    const std::set<LockCycle> told(found.cycles.begin(), found.cycles.end());
    EXPECT_EQ(told.size(), found.cycles.size());
    EXPECT_TRUE(std::includes(expected.begin(), expected.end(), told.begin(), told.end()))
        << "round " << round;
    EXPECT_EQ(edges_on(told).size() + found.edges_uncovered, edges_on(expected).size());
    EXPECT_TRUE(std::is_sorted(
        found.cycles.begin(), found.cycles.end(),
        [](const LockCycle& one, const LockCycle& other) { return one.size() < other.size(); }));
    EXPECT_TRUE(!found.complete || told == expected);
  }
}

TEST(LockCycles, of_a_long_ring_is_the_ring) {
  Edges ring;
  for (uint32_t i = 0; i < 300; ++i) ring.insert({i, (i + 1) % 300});
  const LockCycles found = find_cycles(graph_of(ring, 300));
  ASSERT_EQ(found.cycles.size(), 1u);
  EXPECT_EQ(found.cycles[0].size(), 300u);
  EXPECT_TRUE(found.complete);
}

TEST(LockCycles, of_a_very_long_ring_need_no_deep_stack) {
  constexpr uint32_t kSize = 200'000;
  Edges ring;
  for (uint32_t i = 0; i < kSize; ++i) ring.insert({i, (i + 1) % kSize});
  const LockCycles found = find_cycles(graph_of(ring, kSize));
  ASSERT_EQ(found.cycles.size(), 1u);
  EXPECT_EQ(found.cycles[0].size(), kSize);
}

TEST(LockCycles, of_a_dense_graph_come_at_once_and_the_rest_is_counted) {
  constexpr uint32_t kSize = 300;
  Edges dense;
  for (uint32_t from = 0; from < kSize; ++from)
    for (uint32_t to = 0; to < kSize; ++to)
      if (from != to) dense.insert({from, to});
  dense.insert({kSize, kSize + 1});
  dense.insert({kSize + 1, kSize + 2});
  dense.insert({kSize + 2, kSize});
  const OrderGraph graph = graph_of(dense, kSize + 3);
  const auto start = std::chrono::steady_clock::now();
  const LockCycles found = find_cycles(graph);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(1));
  EXPECT_FALSE(found.complete);
  EXPECT_EQ(found.cycles.size(), 5'001u) << "and the small component beside it has not starved";
  EXPECT_EQ(found.cycles.front().size(), 2u);
  EXPECT_EQ(found.cycles.back(), (LockCycle{kSize, kSize + 1, kSize + 2}));
  EXPECT_EQ(found.edges_uncovered, kSize * (kSize - 1) - 2 * 5'000);
}

TEST(LockCycles, of_a_sparse_tangle_cover_every_edge_in_time) {
  constexpr uint32_t kSize = 3'000;
  std::mt19937 random(3);
  Edges tangle;
  for (uint32_t i = 0; i < kSize; ++i) {
    tangle.insert({i, (i + 1) % kSize});
    const auto far = static_cast<uint32_t>(random() % kSize);
    if (far != i) tangle.insert({i, far});
  }
  const auto start = std::chrono::steady_clock::now();
  const LockCycles found = find_cycles(graph_of(tangle, kSize));
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  EXPECT_GT(found.cycles.size(), 100u);
  EXPECT_FALSE(found.complete);
}

TEST(LockCycles, of_nothing_are_none) {
  EXPECT_TRUE(find_cycles(graph_of({}, 0)).cycles.empty());
  EXPECT_TRUE(find_cycles(graph_of({{0, 1}, {1, 2}, {0, 2}}, 3)).cycles.empty());
}

}  // namespace
}  // namespace gordian::model
