#include "analyzer/report/html/figure.h"

#include <fmt/format.h>

#include "analyzer/report/graphviz.h"
#include "analyzer/report/html/markup.h"

namespace gordian::report {
namespace {

// Graphviz numbers what has no id of its own, in each picture from 1 on.
std::string with_ids_of(const std::string& figure, std::string svg) {
  for (const char* kind : {" id=\"edge", " id=\"a_edge", " id=\"graph", " id=\"clust"}) {
    const std::string from(kind);
    const std::string to = " id=\"" + figure + "-" + from.substr(5);
    for (size_t at = 0; (at = svg.find(from, at)) != svg.npos; at += to.size())
      svg.replace(at, from.size(), to);
  }
  return svg;
}

}  // namespace

// A group, not an image: what is in it can be chosen.
std::string html_figure(const Figure& figure) {
  const std::string svg = with_ids_of(figure.id, svg_from_dot(figure.dot));
  constexpr size_t kAfterTag = 4;  // <svg
  return fmt::format(
      "<figure>\n<div class=\"tools script-only\"><button type=\"button\" class=\"fit\" "
      "aria-pressed=\"false\" "
      "aria-controls=\"{0}\">Fit to width</button></div>\n"
      "<div class=\"picture\" id=\"{0}\" tabindex=\"0\" role=\"region\" aria-label=\"{1}\">\n"
      "<svg role=\"group\" aria-label=\"{1}\" aria-describedby=\"{0}-text\"{2}</div>\n"
      "<figcaption id=\"{0}-text\">{3}</figcaption>\n</figure>\n",
      figure.id, html_text(figure.label), svg.substr(kAfterTag), html_text(figure.caption));
}

}  // namespace gordian::report
