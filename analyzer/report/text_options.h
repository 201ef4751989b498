// How a text report is to look. The command line decides: colour for a terminal that wants it, ticks where
// the locale is UTF-8.
#pragma once

#include <cstdint>
#include <string>

namespace gordian::report {

struct TextOptions {
  bool colour = false;
  bool unicode = true;         // ticks and crosses; otherwise "yes" and "no"
  bool excerpts = true;        // show source lines where the files can be read
  bool fold_library = true;    // frames of the C++ and C libraries in a row take one line
  bool brief = true;           // unlikely and suppressed findings of a report take a few lines, and come last
  uint32_t stack_depth = 16;   // frames shown of each stack; the rest is counted
  uint32_t width = 100;        // prose is wrapped here; names and stacks are not
  std::string base_directory;  // file names below it are shown relative to it
};

}  // namespace gordian::report
