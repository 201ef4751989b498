// Reports as one HTML page, for people: the wait-for graph and the lock-order graph as pictures, the findings
// with their proof, every thread and lock with its stacks and source lines.
//
// Promises: one file that asks for nothing else, and forbids it by its own policy; readable without its
// script, which only adds selecting, filtering and searching. Names of the watched program are text wherever
// they stand. Reads its argument and the source files that frames name, and nothing else. Not thread-safe
// (Graphviz). Throws PictureError.
#pragma once

#include <string>

#include "analyzer/finding/finding.h"
#include "analyzer/report/html_options.h"

namespace gordian::report {

std::string render_html(const finding::Report& report, const HtmlOptions& options);

}  // namespace gordian::report
