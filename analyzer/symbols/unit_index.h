// The functions and the variables of one module's DWARF, found by address.
//
// Promises: a compilation unit is walked once and only when it is needed; walks are bounded, so that damaged
// debug information ends in "not found". Addresses are the DWARF's own (the module's bias already
// subtracted). The walk enters namespaces, which dwarf_getscopes does not: compilers that put a definition
// inside its namespace (clang does, GCC does not) would have no functions there otherwise. Source: DWARF 5,
// sections 2.17 (code addresses), 3 (program scopes) and 4 (data objects).
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace gordian::symbols {

struct Variable {
  Dwarf_Die die{};
  std::optional<Dwarf_Die> function;  // whose static it is
};

struct Unit {
  Dwarf_Die die{};     // carries the line table
  Dwarf_Die scopes{};  // carries the functions: the same, or the one in the .dwo file of a split unit
};

class UnitIndex {
 public:
  explicit UnitIndex(Dwarf* dwarf) : dwarf_(dwarf) {}

  std::optional<Unit> unit_at(Dwarf_Addr address);

  // The innermost subprogram whose code contains `address`.
  std::optional<Dwarf_Die> function_at(const Unit& unit, Dwarf_Addr address);

  // The variable that starts at `address`.
  std::optional<Variable> variable_at(Dwarf_Addr address);

 private:
  struct Function {
    Dwarf_Addr begin;
    Dwarf_Addr end;
    Dwarf_Die die;
  };
  struct Contents {
    std::vector<Function> functions;
  };

  void list_units();
  const Contents& contents_of(const Unit& unit);
  void walk(Dwarf_Die parent, const Dwarf_Die* function, int depth, Contents& contents);
  void add_function(Dwarf_Die die, Contents& contents);
  void add_variable(Dwarf_Die die, const Dwarf_Die* function);

  Dwarf* dwarf_;
  bool listed_ = false;
  std::vector<Unit> units_;
  size_t units_walked_for_variables_ = 0;
  std::map<Dwarf_Off, Contents> contents_;  // by the offset of the unit's DIE
  std::map<Dwarf_Addr, Variable> variables_;
};

}  // namespace gordian::symbols
