#include "analyzer/report/watch_table.h"

#include <algorithm>

namespace gordian::report {
namespace {

constexpr size_t kLeastFirst = 12;  // columns that the first one keeps

std::string padded(const std::string& text, size_t width, bool to_the_right) {
  const std::string space(width - std::min(width, display_width(text)), ' ');
  return to_the_right ? space + text : text + space;
}

}  // namespace

size_t display_width(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char each) { return (static_cast<unsigned char>(each) & 0xc0) != 0x80; }));
}

std::string cut(std::string_view text, size_t width) {
  if (width == 0 || display_width(text) <= width) return std::string(text);
  constexpr std::string_view kMark = "...";
  const size_t kept = width > kMark.size() ? width - kMark.size() : 0;
  size_t end = 0;
  for (size_t seen = 0; end < text.size(); ++end) {
    const bool starts = (static_cast<unsigned char>(text[end]) & 0xc0) != 0x80;
    if (starts && seen++ == kept) break;
  }
  return std::string(text.substr(0, end)) + std::string(kMark.substr(0, width - kept));
}

std::vector<std::string> table_lines(const std::vector<Column>& columns, const std::vector<Row>& rows,
                                     size_t width) {
  std::vector<size_t> widths;
  for (const Column& column : columns) widths.push_back(display_width(column.title));
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  }
  constexpr size_t kGap = 2;
  size_t others = 0;
  for (size_t i = 1; i < widths.size(); ++i) others += kGap + widths[i];
  if (width != 0 && widths.front() + others > width)
    widths.front() = std::max(width - std::min(width, others), std::min(widths.front(), kLeastFirst));

  const auto line_of = [&](const auto& cell) {
    std::string line;
    for (size_t i = 0; i < columns.size(); ++i) {
      if (i != 0) line.append(kGap, ' ');
      line += padded(cut(cell(i), widths[i]), widths[i], columns[i].is_number);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    return cut(line, width);
  };
  std::vector<std::string> lines = {line_of([&](size_t i) { return columns[i].title; })};
  for (const Row& row : rows) lines.push_back(line_of([&](size_t i) { return row[i]; }));
  return lines;
}

}  // namespace gordian::report
