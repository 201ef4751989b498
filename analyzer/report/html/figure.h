// A picture in the page, in a frame that scrolls, with its text alternative.
#pragma once

#include <string>

namespace gordian::report {

struct Figure {
  std::string id;
  std::string label;  // what it is, for those who do not see it; plain text
  std::string dot;
  std::string caption;  // plain text of ours
};

std::string html_figure(const Figure& figure);

}  // namespace gordian::report
