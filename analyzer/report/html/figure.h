// A picture in the page, in a frame that scrolls, with its text alternative.
#pragma once

#include <string>
#include <vector>

namespace gordian::report {

struct Figure {
  std::string id;
  std::string label;               // what it is, for those who do not see it; plain text
  std::vector<std::string> parts;  // in DOT, drawn beside each other
  std::string caption;             // plain text of ours
};

std::string html_figure(const Figure& figure);

}  // namespace gordian::report
