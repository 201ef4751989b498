#include "analyzer/symbols/inlined_frames.h"

#include <dwarf.h>

#include <algorithm>

#include "analyzer/symbols/die_names.h"
#include "analyzer/symbols/readable_names.h"

namespace gordian::symbols {
namespace {

constexpr int kDeepestInlining = 256;

struct Position {
  std::string file;
  uint32_t line = 0;
  uint32_t column = 0;
};

// The child scope that holds `address`. A block without addresses of its own may still contain one that has.
bool find_inner_scope(Dwarf_Die parent, Dwarf_Addr address, int depth, std::vector<Dwarf_Die>& inlined) {
  Dwarf_Die die;
  if (depth > kDeepestInlining || dwarf_child(&parent, &die) != 0) return false;
  do {
    const int tag = dwarf_tag(&die);
    const bool is_call = tag == DW_TAG_inlined_subroutine;
    if (!is_call && tag != DW_TAG_lexical_block && tag != DW_TAG_try_block && tag != DW_TAG_catch_block)
      continue;
    const bool has_addresses =
        dwarf_hasattr(&die, DW_AT_low_pc) != 0 || dwarf_hasattr(&die, DW_AT_ranges) != 0;
    const bool contains = has_addresses && dwarf_haspc(&die, address) > 0;
    if (is_call && contains) inlined.push_back(die);
    if (contains || (!has_addresses && !is_call)) {
      if (find_inner_scope(die, address, depth + 1, inlined) || contains) return true;
    }
  } while (dwarf_siblingof(&die, &die) == 0);
  return false;
}

uint32_t number_of(Dwarf_Die die, unsigned attribute_name) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_attr(&die, attribute_name, &attribute) == nullptr) return 0;
  return dwarf_formudata(&attribute, &value) == 0 ? static_cast<uint32_t>(value) : 0;
}

Position call_position(const Unit& unit, Dwarf_Die inlined) {
  Position position;
  position.line = number_of(inlined, DW_AT_call_line);
  position.column = number_of(inlined, DW_AT_call_column);
  Dwarf_Die unit_die = unit.scopes;
  Dwarf_Files* files = nullptr;
  size_t count = 0;
  const uint32_t file = number_of(inlined, DW_AT_call_file);
  if (dwarf_getsrcfiles(&unit_die, &files, &count) == 0 && file < count) {
    position.file = source_path(unit.die, dwarf_filesrc(files, file, nullptr, nullptr));
  }
  return position;
}

Position line_table_position(const Unit& unit, Dwarf_Addr address) {
  Position position;
  Dwarf_Die die = unit.die;
  Dwarf_Line* line = dwarf_getsrc_die(&die, address);
  if (line == nullptr) return position;
  int number = 0;
  if (dwarf_lineno(line, &number) == 0 && number > 0) position.line = static_cast<uint32_t>(number);
  if (dwarf_linecol(line, &number) == 0 && number > 0) position.column = static_cast<uint32_t>(number);
  position.file = source_path(unit.die, dwarf_linesrc(line, nullptr, nullptr));
  return position;
}

std::string name_of(Dwarf_Die function, const std::string& symbol) {
  const std::string linkage = linkage_name(function);
  if (!linkage.empty()) return readable_function(linkage);
  if (symbol.starts_with("_Z")) return readable_function(symbol);
  return scoped_function_name(function);
}

finding::Frame make_frame(const Position& position, std::string function) {
  finding::Frame frame;
  frame.function = std::move(function);
  frame.file = position.file;
  frame.line = position.line;
  frame.column = position.column;
  return frame;
}

}  // namespace

std::vector<finding::Frame> frames_at(UnitIndex& index, Dwarf_Addr address, const std::string& symbol) {
  std::vector<finding::Frame> frames;
  const std::optional<Unit> unit = index.unit_at(address);
  if (!unit) return frames;
  Position position = line_table_position(*unit, address);
  const std::optional<Dwarf_Die> function = index.function_at(*unit, address);
  if (!function) {
    if (position.line != 0) frames.push_back(make_frame(position, readable_function(symbol)));
    return frames;
  }
  std::vector<Dwarf_Die> inlined;  // outermost first
  find_inner_scope(*function, address, 0, inlined);
  for (auto call = inlined.rbegin(); call != inlined.rend(); ++call) {
    frames.push_back(make_frame(position, name_of(*call, "")));
    frames.back().inlined = true;
    position = call_position(*unit, *call);
  }
  frames.push_back(make_frame(position, name_of(*function, symbol)));
  return frames;
}

}  // namespace gordian::symbols
