// Pictures laid out by Graphviz.
//
// Promises: DOT in, one `<svg>` element out, without prolog, so that it can stand in a page; nothing is
// written anywhere. What Graphviz remarks on the way is dropped unless it fails. Ids, classes and links of
// the DOT are those of the SVG; the names of nodes do not come into it. Not thread-safe: Graphviz keeps state
// of its own. Errors: PictureError, one line.
#pragma once

#include <stdexcept>
#include <string>

namespace gordian::report {

class PictureError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string svg_from_dot(const std::string& dot);

}  // namespace gordian::report
