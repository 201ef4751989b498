// How the HTML page is to look.
#pragma once

#include <cstdint>
#include <string>

namespace gordian::report {

struct HtmlOptions {
  uint32_t stack_depth = 16;   // frames shown of each stack; the rest is counted
  std::string base_directory;  // file names below it are shown relative to it
};

}  // namespace gordian::report
