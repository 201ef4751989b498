#include "analyzer/symbols/unit_index.h"

#include <dwarf.h>

namespace gordian::symbols {
namespace {

constexpr int kDeepestScope = 64;

bool has_code_at(Dwarf_Die die, Dwarf_Addr address) {
  return dwarf_haspc(&die, address) > 0;
}

std::optional<Dwarf_Addr> static_address(Dwarf_Die& die) {
  Dwarf_Attribute location;
  if (dwarf_attr(&die, DW_AT_location, &location) == nullptr) return std::nullopt;
  Dwarf_Op* operations = nullptr;
  size_t count = 0;
  if (dwarf_getlocation(&location, &operations, &count) != 0 || count != 1) return std::nullopt;
  if (operations[0].atom == DW_OP_addr) return operations[0].number;
  if (operations[0].atom != DW_OP_addrx && operations[0].atom != DW_OP_GNU_addr_index) return std::nullopt;
  Dwarf_Attribute indexed;
  Dwarf_Addr address = 0;
  if (dwarf_getlocation_attr(&location, operations, &indexed) != 0) return std::nullopt;
  if (dwarf_formaddr(&indexed, &address) != 0) return std::nullopt;
  return address;
}

}  // namespace

void UnitIndex::list_units() {
  if (listed_) return;
  listed_ = true;
  Dwarf_CU* unit = nullptr;
  Dwarf_Half version = 0;
  uint8_t type = 0;
  Dwarf_Die die;
  Dwarf_Die split;
  while (dwarf_get_units(dwarf_, unit, &unit, &version, &type, &die, &split) == 0) {
    if (type == DW_UT_type || type == DW_UT_split_type || type == DW_UT_partial) continue;
    const bool is_split = type == DW_UT_skeleton && split.addr != nullptr;
    units_.push_back({die, is_split ? split : die});
  }
}

std::optional<Unit> UnitIndex::unit_at(Dwarf_Addr address) {
  list_units();
  // .debug_aranges is quick where it exists; not every compiler writes it.
  Dwarf_Die quick;
  const bool has_quick = dwarf_addrdie(dwarf_, address, &quick) != nullptr;
  for (const Unit& unit : units_) {
    if (has_quick ? unit.die.addr == quick.addr : has_code_at(unit.die, address)) return unit;
  }
  return std::nullopt;
}

std::optional<Dwarf_Die> UnitIndex::function_at(const Unit& unit, Dwarf_Addr address) {
  const Function* innermost = nullptr;
  for (const Function& function : contents_of(unit).functions) {
    if (address < function.begin || address >= function.end) continue;
    if (innermost == nullptr || function.end - function.begin < innermost->end - innermost->begin) {
      innermost = &function;
    }
  }
  if (innermost == nullptr) return std::nullopt;
  return innermost->die;
}

std::optional<Variable> UnitIndex::variable_at(Dwarf_Addr address) {
  list_units();
  auto found = variables_.find(address);
  while (found == variables_.end() && units_walked_for_variables_ < units_.size()) {
    contents_of(units_[units_walked_for_variables_++]);
    found = variables_.find(address);
  }
  if (found == variables_.end()) return std::nullopt;
  return found->second;
}

const UnitIndex::Contents& UnitIndex::contents_of(const Unit& unit) {
  Dwarf_Die die = unit.die;
  const auto [entry, is_new] = contents_.try_emplace(dwarf_dieoffset(&die));
  if (is_new) walk(unit.scopes, nullptr, 0, entry->second);
  return entry->second;
}

void UnitIndex::walk(Dwarf_Die parent, const Dwarf_Die* function, int depth, Contents& contents) {
  Dwarf_Die die;
  if (depth > kDeepestScope || dwarf_child(&parent, &die) != 0) return;
  do {
    switch (dwarf_tag(&die)) {
      case DW_TAG_subprogram:
        add_function(die, contents);
        walk(die, &die, depth + 1, contents);
        break;
      case DW_TAG_variable:
        add_variable(die, function);
        break;
      case DW_TAG_namespace:
      case DW_TAG_module:
      case DW_TAG_lexical_block:
      case DW_TAG_structure_type:
      case DW_TAG_class_type:
      case DW_TAG_union_type:
        walk(die, function, depth + 1, contents);
        break;
      default:
        break;
    }
  } while (dwarf_siblingof(&die, &die) == 0);
}

void UnitIndex::add_function(Dwarf_Die die, Contents& contents) {
  Dwarf_Addr base = 0;
  Dwarf_Addr begin = 0;
  Dwarf_Addr end = 0;
  for (ptrdiff_t at = 0; (at = dwarf_ranges(&die, at, &base, &begin, &end)) > 0;) {
    if (begin < end) contents.functions.push_back({begin, end, die});
  }
}

void UnitIndex::add_variable(Dwarf_Die die, const Dwarf_Die* function) {
  const std::optional<Dwarf_Addr> address = static_address(die);
  if (!address) return;
  Variable variable{die, std::nullopt};
  if (function != nullptr) variable.function = *function;
  variables_.try_emplace(*address, variable);
}

}  // namespace gordian::symbols
