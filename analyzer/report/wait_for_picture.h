// The wait-for graph of a whole report as a picture for Graphviz: threads as boxes, locks as ellipses, the
// members of cycles in the class `lit`.
//
// Promises: reads its argument and nothing else; the same input gives the same bytes. It stays a picture
// however many threads there are: threads that take part in nothing are left out, many that do no more than
// wait for the same lock are one node, and of the rest at most kMostThreads are drawn, those of findings
// first. What is not drawn is counted.
#pragma once

#include <cstddef>
#include <string>

#include "analyzer/report/inventory.h"

namespace gordian::report {

inline constexpr size_t kMostThreads = 100;

struct WaitForPicture {
  std::string dot;         // empty when no thread takes part in anything
  size_t drawn = 0;        // threads with a node of their own
  size_t together = 0;     // that share a node
  size_t idle = 0;         // that neither wait nor hold what another waits for
  size_t no_room = 0;      // for which there was no room
  bool has_cycle = false;  // whether something is lit
};

// With `has_links`, nodes are links to `#thread-N` and `#lock-N`, as a page has them.
WaitForPicture draw_wait_for(const Inventory& inventory, bool has_links);

}  // namespace gordian::report
