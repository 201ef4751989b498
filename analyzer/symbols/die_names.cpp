#include "analyzer/symbols/die_names.h"

#include <dwarf.h>

#include <cstdlib>
#include <filesystem>
#include <memory>

namespace gordian::symbols {
namespace {

constexpr int kMostReferences = 16;

// The entry that stands where the source declares the name: only there do the parents spell the scope.
Dwarf_Die declaration_of(Dwarf_Die die) {
  for (int i = 0; i < kMostReferences; ++i) {
    Dwarf_Attribute reference;
    Dwarf_Die next;
    if (dwarf_attr(&die, DW_AT_abstract_origin, &reference) == nullptr &&
        dwarf_attr(&die, DW_AT_specification, &reference) == nullptr) {
      break;
    }
    if (dwarf_formref_die(&reference, &next) == nullptr) break;
    die = next;
  }
  return die;
}

std::string scope_name(Dwarf_Die scope, const std::string& inside) {
  const std::string name = plain_name(scope);
  if (name.starts_with("<lambda") && name.ends_with(">"))
    return "{" + name.substr(1, name.size() - 2) + "}::";
  if (!name.empty()) return name + "::";
  if (dwarf_tag(&scope) == DW_TAG_namespace) return {};  // an anonymous one
  return inside.starts_with("operator()") ? "{lambda}::" : "{unnamed}::";
}

std::string with_scopes(Dwarf_Die die, std::string name, int depth = 0) {
  Dwarf_Die declaration = declaration_of(die);
  Dwarf_Die* found = nullptr;
  const int count = dwarf_getscopes_die(&declaration, &found);
  const std::unique_ptr<Dwarf_Die, void (*)(void*)> scopes(found, std::free);
  for (int i = 1; i < count; ++i) {
    switch (dwarf_tag(&found[i])) {
      case DW_TAG_namespace:
      case DW_TAG_structure_type:
      case DW_TAG_class_type:
      case DW_TAG_union_type:
        name = scope_name(found[i], name) + name;
        break;
      case DW_TAG_subprogram:  // its own scopes are where it is declared, not here
        name = plain_name(found[i]) + "::" + name;
        return depth < kMostReferences ? with_scopes(found[i], std::move(name), depth + 1) : name;
      default:
        break;
    }
  }
  return name;
}

bool has_parameters(Dwarf_Die function) {
  Dwarf_Die child;
  if (dwarf_child(&function, &child) != 0) return false;
  do {
    const bool is_this = dwarf_hasattr(&child, DW_AT_artificial) != 0;
    if (dwarf_tag(&child) == DW_TAG_formal_parameter && !is_this) return true;
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

bool is_written_in_c(Dwarf_Die die) {
  Dwarf_Die unit = unit_of(die);
  switch (dwarf_srclang(&unit)) {
    case DW_LANG_C:
    case DW_LANG_C89:
    case DW_LANG_C99:
    case DW_LANG_C11:
    case DW_LANG_Mips_Assembler:
      return true;
    default:
      return false;
  }
}

}  // namespace

std::string linkage_name(Dwarf_Die die) {
  Dwarf_Attribute attribute;
  for (unsigned kind : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
    if (dwarf_attr_integrate(&die, kind, &attribute) == nullptr) continue;
    const char* name = dwarf_formstring(&attribute);
    if (name != nullptr) return name;
  }
  if (is_written_in_c(die)) return plain_name(die);
  const bool is_external = dwarf_attr_integrate(&die, DW_AT_external, &attribute) != nullptr;
  return is_external ? plain_name(die) : std::string();  // main, extern "C"
}

std::string scoped_function_name(Dwarf_Die die) {
  const std::string name = plain_name(die);
  if (name.empty()) return name;
  return with_scopes(die, name) + (has_parameters(declaration_of(die)) ? "(...)" : "()");
}

std::string plain_name(Dwarf_Die die) {
  const char* name = dwarf_diename(&die);
  return name == nullptr ? std::string() : std::string(name);
}

std::string source_path(Dwarf_Die unit, const char* path) {
  if (path == nullptr) return {};
  Dwarf_Attribute attribute;
  const char* directory = nullptr;
  if (path[0] != '/' && dwarf_attr(&unit, DW_AT_comp_dir, &attribute) != nullptr)
    directory = dwarf_formstring(&attribute);
  const std::filesystem::path joined = std::filesystem::path(directory == nullptr ? "" : directory) / path;
  return joined.lexically_normal().string();
}

Dwarf_Die unit_of(Dwarf_Die die) {
  Dwarf_Die unit{};
  dwarf_diecu(&die, &unit, nullptr, nullptr);
  return unit;
}

}  // namespace gordian::symbols
