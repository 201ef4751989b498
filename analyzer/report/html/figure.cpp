#include "analyzer/report/html/figure.h"

#include <fmt/format.h>

#include "analyzer/report/graphviz.h"
#include "analyzer/report/html/markup.h"

namespace gordian::report {
namespace {

// Graphviz numbers what has no id of its own, in each picture from 1 on.
std::string with_ids_of(const std::string& part, std::string svg) {
  for (const std::string from : {" id=\"edge", " id=\"a_edge", " id=\"graph"}) {
    const std::string to = fmt::format(" id=\"{}-{}", part, from.substr(5));
    for (size_t at = 0; (at = svg.find(from, at)) != svg.npos; at += to.size())
      svg.replace(at, from.size(), to);
  }
  return svg;
}

}  // namespace

// Groups, not images: what is in them can be chosen.
std::string html_figure(const Figure& figure) {
  constexpr size_t kAfterTag = 4;  // <svg
  std::string pictures;
  for (size_t i = 0; i < figure.parts.size(); ++i) {
    const std::string svg =
        with_ids_of(fmt::format("{}-{}", figure.id, i + 1), svg_from_dot(figure.parts[i]));
    const std::string number =
        figure.parts.size() == 1 ? "" : fmt::format(", part {} of {}", i + 1, figure.parts.size());
    pictures += fmt::format("<svg role=\"group\" aria-label=\"{}{}\"{}", html_text(figure.label), number,
                            svg.substr(kAfterTag));
  }
  return fmt::format(
      "<figure>\n<div class=\"tools script-only\"><button type=\"button\" class=\"fit\" "
      "aria-pressed=\"false\" "
      "aria-controls=\"{0}\">Fit to width</button></div>\n"
      "<div class=\"picture\" id=\"{0}\" tabindex=\"0\" role=\"region\" aria-label=\"{1}\" "
      "aria-describedby=\"{0}-text\">\n{2}</div>\n<figcaption id=\"{0}-text\">{3}</figcaption>\n</figure>\n",
      figure.id, html_text(figure.label), pictures, html_text(figure.caption));
}

}  // namespace gordian::report
