// A report as one picture in SVG, for files: the wait-for graph where the report has the threads of a
// process, and the findings otherwise, as `render_dot` draws them.
//
// Promises: one SVG that asks for nothing else and follows its reader's light or dark. Not thread-safe
// (Graphviz). Throws PictureError.
#pragma once

#include <string>

#include "analyzer/finding/finding.h"

namespace gordian::report {

// The DOT of the same picture.
std::string render_picture_dot(const finding::Report& report);

std::string render_svg(const finding::Report& report);

std::string render_lock_order_svg(const finding::LockOrder& order);

}  // namespace gordian::report
