// A screen of `gordian watch` as text.
//
// Promises: reads its arguments and nothing else. With a width no line is longer, with a height there are no
// more lines, and what was left out is counted. Names of the watched program come out printable. Without
// colour there is no escape sequence in it.
#pragma once

#include <string>

#include "analyzer/finding/watch_view.h"

namespace gordian::report {

struct WatchTextOptions {
  bool colour = false;
  uint32_t width = 0;   // 0: as wide as it gets
  uint32_t height = 0;  // 0: as high as it gets
  uint32_t rows = 10;   // the most of each part
};

std::string render_watch_text(const finding::WatchView& view, const WatchTextOptions& options);

}  // namespace gordian::report
