// The formats that show a report as pictures: html, dot and svg.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/finding/finding.h"
#include "analyzer/report/html_options.h"

namespace gordian::cli {

bool is_picture(std::string_view format);

// Throws report::PictureError.
std::string render_picture(const finding::Report& report, std::string_view format,
                           const report::HtmlOptions& options);

}  // namespace gordian::cli
