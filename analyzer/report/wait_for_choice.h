// Which threads of a report the wait-for graph shows, so that it stays a picture however many there are.
//
// Promises: threads that wait for nothing and keep nobody waiting are idle, and not chosen. Those that do no
// more than wait for a lock, when many do so, stand together. Of the rest at most kMostThreads are chosen:
// members of cycles and findings first, then those nearest to them. Each thread is in exactly one of the four
// counts.
#pragma once

#include <cstddef>
#include <set>
#include <vector>

#include "analyzer/report/inventory.h"

namespace gordian::report {

inline constexpr size_t kMostThreads = 60;

struct WaitForChoice {
  std::set<size_t> drawn;                     // with a node of their own
  std::vector<std::vector<size_t>> together;  // that share a node, by lock
  size_t idle = 0;
  size_t no_room = 0;
};

WaitForChoice choose_threads(const Inventory& inventory);

}  // namespace gordian::report
