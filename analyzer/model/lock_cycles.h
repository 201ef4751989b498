// The cycles of a directed graph, shortest first, within a budget.
//
// A dense graph has more simple cycles than anybody can list, so the search is in two parts for each strongly
// connected component. First all cycles by growing length, by depth-first search that never leaves the way
// back: a path is given up when the shortest way home would make it too long (R. E. Korf's iterative
// deepening, Artificial Intelligence 27, 1985). Where that is cut short by the budget, a shortest cycle
// through each edge that has none yet.
//
// Promises: a cycle begins with its smallest vertex and is told once; they come sorted by length, and equals
// by their vertices. With `complete`, all of them are there. Otherwise every edge that lies on a cycle lies
// on one that is told, but for `edges_uncovered` of them. Small components come first, so that a large one
// starves nobody. No recursion, no exceptions.
#pragma once

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <cstdint>
#include <vector>

namespace gordian::model {

// Edges sorted by source and target, each there once.
using OrderGraph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property,
                                                      boost::no_property, boost::no_property, uint32_t>;

using LockCycle = std::vector<uint32_t>;  // vertices; each has an edge to the next, the last to the first

struct CycleLimits {
  uint32_t listed_per_component = 1'000;
  uint32_t covering_per_component = 4'000;
  uint32_t total = 20'000;
  uint64_t steps_per_component = 4'000'000;  // edges looked at; each half of the search has as many
  uint64_t steps_total = 40'000'000;
};

struct LockCycles {
  std::vector<LockCycle> cycles;
  bool complete = true;
  uint64_t edges_uncovered = 0;  // on some cycle, and on none that is told
};

// The strongly connected component of each vertex.
std::vector<uint32_t> components_of(const OrderGraph& graph);

LockCycles find_cycles(const OrderGraph& graph, const CycleLimits& limits = {});

}  // namespace gordian::model
