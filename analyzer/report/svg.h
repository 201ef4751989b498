// A report as one picture in SVG, for files: the wait-for graph where the report has the threads of a
// process, and the findings otherwise, as `render_dot` draws them.
//
// Promises: it is a picture however large the report is: at most kMostDrawnOrders lock orders, those on
// cycles first, and kMostDrawnFindings findings are drawn, and what is left out is counted in it. One SVG
// that asks for nothing else and follows its reader's light or dark. Not thread-safe (Graphviz). Throws
// PictureError.
#pragma once

#include <cstddef>
#include <string>

#include "analyzer/finding/finding.h"

namespace gordian::report {

inline constexpr size_t kMostDrawnOrders = 120;
inline constexpr size_t kMostDrawnFindings = 60;

// The DOT of the same picture, with all findings.
std::string render_picture_dot(const finding::Report& report);

std::string render_svg(const finding::Report& report);

std::string render_lock_order_svg(const finding::LockOrder& order);

}  // namespace gordian::report
