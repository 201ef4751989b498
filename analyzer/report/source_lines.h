// Single lines of source files, for the excerpts in a text report.
//
// Promises: never fails and never blocks; a file that is missing, no regular file, too large or shorter than
// asked gives no line. Tabs become spaces, a trailing carriage return goes, control characters are escaped.
// Files are read once. Not thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gordian::report {

class SourceLines {
 public:
  // `number` counts from 1.
  std::optional<std::string> line(const std::string& path, uint32_t number);

  // Blanks that are as wide as what `line` shows before the column, which counts bytes from 1; nothing when
  // the column is not shown.
  std::optional<std::string> indent(const std::string& path, uint32_t number, uint32_t column);

 private:
  const std::vector<std::string>& lines_of(const std::string& path);

  std::map<std::string, std::vector<std::string>> files_;
};

}  // namespace gordian::report
