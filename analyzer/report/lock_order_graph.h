// The lock order of a run: which lock was asked for while which other was held.
//
// Promises: reads its argument and nothing else. The text is one line an order, sorted, each line once,
// without addresses, lines of source or thread names, so that it can lie in version control and its
// difference be read in a review:
//
//     FROM -> TO  [MODE, MODE] in FUNCTION, held with {GUARD, GUARD}
//
// Names of the watched program come out printable.
#pragma once

#include <string>

#include "analyzer/finding/finding.h"

namespace gordian::report {

// The lock's stable name, printable; its kind where it has none.
std::string order_name(const finding::ResourceName& resource);

// `[exclusive, shared] in deposit(), then log(), held with {registry_lock}`
std::string order_circumstances(const finding::OrderEdge& edge);

// One order, without the end of the line.
std::string order_line(const finding::OrderEdge& edge);

std::string render_lock_order_text(const finding::LockOrder& order);
std::string render_lock_order_json(const finding::LockOrder& order);

// The same with at most so many edges, those on cycles first; the others are counted in `edges_not_shown`.
finding::LockOrder most_telling(const finding::LockOrder& order, size_t most);

// Edges with the same line are one arrow; an arrow that lies on a cycle is marked.
std::string render_lock_order_dot(const finding::LockOrder& order);

}  // namespace gordian::report
