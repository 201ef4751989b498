// Columns of a screen: texts to the left, numbers to the right, each as wide as its widest cell. The first
// column gives way where the whole is too wide.
//
// Promises: pure; cells must be printable. A column of text is one code point a column.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gordian::report {

struct Column {
  std::string title;
  bool is_number = false;
};

using Row = std::vector<std::string>;

// The titles' line first. `width` 0: as wide as it gets.
std::vector<std::string> table_lines(const std::vector<Column>& columns, const std::vector<Row>& rows,
                                     size_t width);

// How many columns the text takes on a terminal.
size_t display_width(std::string_view text);

// Cut to so many columns, with "..." at its end; 0: as it is.
std::string cut(std::string_view text, size_t width);

}  // namespace gordian::report
