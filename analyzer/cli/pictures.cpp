#include "analyzer/cli/pictures.h"

#include "analyzer/report/html.h"
#include "analyzer/report/svg.h"

namespace gordian::cli {

bool is_picture(std::string_view format) {
  return format == "html" || format == "dot" || format == "svg";
}

std::string render_picture(const finding::Report& report, std::string_view format,
                           const report::HtmlOptions& options) {
  if (format == "html") return report::render_html(report, options);
  return format == "svg" ? report::render_svg(report) : report::render_picture_dot(report);
}

}  // namespace gordian::cli
