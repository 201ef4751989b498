// The wait-for graph of a whole report as pictures for Graphviz: threads as boxes, locks as ellipses, the
// members of cycles in the class `lit`.
//
// Promises: reads its argument and nothing else; the same input gives the same bytes. What is left out is
// counted (wait_for_choice.h).
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "analyzer/report/inventory.h"

namespace gordian::report {

struct WaitForPicture {
  std::vector<std::string> parts;  // in DOT; none when no thread takes part in anything
  size_t drawn = 0;                // threads with a node of their own
  size_t together = 0;             // that share a node
  size_t idle = 0;                 // that neither wait nor keep another waiting
  size_t no_room = 0;              // for which there was no room
  bool has_cycle = false;          // whether something is lit
};

// For a page: a picture for each part of the graph that hangs together, those with cycles first; nodes are
// links to
// `#thread-N` and `#lock-N`.
WaitForPicture draw_wait_for_parts(const Inventory& inventory);

// For a file: all in one picture.
WaitForPicture draw_wait_for(const Inventory& inventory);

}  // namespace gordian::report
