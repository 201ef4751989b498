// The findings of a report as a picture for Graphviz: one box a finding, in it threads as boxes and locks as
// ellipses. An arrow from a thread goes to the lock that it waits for, an arrow from a lock to the thread
// that holds it: a deadlock is a ring of arrows.
//
// Promises: reads its argument and nothing else. The output is one digraph that Graphviz accepts, whatever
// names the watched program has; they come out printable. The same input gives the same bytes.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/finding/finding.h"

namespace gordian::report {

std::string render_dot(const finding::Report& report);

// A quoted string of DOT that Graphviz shows as the text is, made printable. `\n` in it starts a new line.
std::string dot_string(std::string_view text);

// The same for a tooltip, where Graphviz reads backslashes and entities in another way.
std::string dot_tooltip(std::string_view text);

}  // namespace gordian::report
