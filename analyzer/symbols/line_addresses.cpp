#include "analyzer/symbols/line_addresses.h"

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include <algorithm>
#include <memory>
#include <string_view>

#include "analyzer/symbols/debug_files.h"
#include "analyzer/symbols/die_names.h"

namespace gordian::symbols {
namespace {

bool is_same_file(std::string_view one, std::string_view other) {
  while (one.starts_with("../")) one.remove_prefix(3);
  while (other.starts_with("../")) other.remove_prefix(3);
  const std::string_view longer = one.size() >= other.size() ? one : other;
  const std::string_view shorter = one.size() >= other.size() ? other : one;
  if (shorter.empty() || !longer.ends_with(shorter)) return false;
  return longer.size() == shorter.size() || longer[longer.size() - shorter.size() - 1] == '/';
}

bool is_wanted(Dwarf_Die unit, Dwarf_Line* line, const std::vector<SourcePlace>& places) {
  int number = 0;
  if (dwarf_lineno(line, &number) != 0) return false;
  return std::ranges::any_of(places, [&](const SourcePlace& place) {
    return static_cast<uint32_t>(number) == place.line &&
           is_same_file(source_path(unit, dwarf_linesrc(line, nullptr, nullptr)), place.file);
  });
}

// A row stands for the code up to the next one.
void take_unit(Dwarf_Die* unit, const std::vector<SourcePlace>& places, std::vector<CodeRange>& ranges) {
  Dwarf_Lines* lines = nullptr;
  size_t count = 0;
  if (dwarf_getsrclines(unit, &lines, &count) != 0) return;
  for (size_t i = 0; i + 1 < count; ++i) {
    Dwarf_Line* line = dwarf_onesrcline(lines, i);
    bool is_end = false;
    CodeRange range;
    if (dwarf_lineendsequence(line, &is_end) != 0 || is_end || !is_wanted(*unit, line, places)) continue;
    if (dwarf_lineaddr(line, &range.low) != 0 ||
        dwarf_lineaddr(dwarf_onesrcline(lines, i + 1), &range.high) != 0)
      continue;
    if (range.low < range.high) ranges.push_back(range);
  }
}

void merge(std::vector<CodeRange>& ranges) {
  std::ranges::sort(ranges, {}, &CodeRange::low);
  std::vector<CodeRange> merged;
  for (const CodeRange& range : ranges) {
    if (!merged.empty() && range.low <= merged.back().high)
      merged.back().high = std::max(merged.back().high, range.high);
    else
      merged.push_back(range);
  }
  ranges = std::move(merged);
}

struct EndSession {
  void operator()(Dwfl* session) const { dwfl_end(session); }
};

}  // namespace

std::vector<CodeRange> code_of(const std::string& module, const std::vector<SourcePlace>& places) {
  std::vector<CodeRange> ranges;
  const std::unique_ptr<Dwfl, EndSession> session(dwfl_begin(&offline_callbacks()));
  if (session == nullptr) return ranges;
  dwfl_report_begin(session.get());
  Dwfl_Module* opened = dwfl_report_elf(session.get(), module.c_str(), module.c_str(), -1, 0, true);
  dwfl_report_end(session.get(), nullptr, nullptr);
  Dwarf_Addr bias = 0;
  if (opened == nullptr || dwfl_module_getdwarf(opened, &bias) == nullptr) return ranges;
  Dwarf_Die* unit = nullptr;
  while ((unit = dwfl_module_nextcu(opened, unit, &bias)) != nullptr) take_unit(unit, places, ranges);
  merge(ranges);
  return ranges;
}

}  // namespace gordian::symbols
