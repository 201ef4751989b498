#include "analyzer/symbols/die_names.h"

#include <dwarf.h>

#include <cstdlib>
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

std::string with_scopes(Dwarf_Die die, std::string name) {
  Dwarf_Die declaration = declaration_of(die);
  Dwarf_Die* found = nullptr;
  const int count = dwarf_getscopes_die(&declaration, &found);
  const std::unique_ptr<Dwarf_Die, void (*)(void*)> scopes(found, std::free);
  for (int i = 1; i < count; ++i) {
    const int tag = dwarf_tag(&found[i]);
    if (tag != DW_TAG_namespace && tag != DW_TAG_structure_type && tag != DW_TAG_class_type &&
        tag != DW_TAG_union_type) {
      continue;
    }
    const char* scope = dwarf_diename(&found[i]);
    if (scope != nullptr) name = std::string(scope) + "::" + name;  // no name: an anonymous namespace
  }
  return name;
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
  std::string name = plain_name(die);
  if (name.empty() || is_written_in_c(die)) return name;
  return with_scopes(die, std::move(name));
}

std::string plain_name(Dwarf_Die die) {
  const char* name = dwarf_diename(&die);
  return name == nullptr ? std::string() : std::string(name);
}

std::string source_path(Dwarf_Die unit, const char* path) {
  if (path == nullptr) return {};
  if (path[0] == '/') return path;
  Dwarf_Attribute attribute;
  const char* directory = nullptr;
  if (dwarf_attr(&unit, DW_AT_comp_dir, &attribute) != nullptr) directory = dwarf_formstring(&attribute);
  if (directory == nullptr || *directory == '\0') return path;
  return std::string(directory) + "/" + path;
}

Dwarf_Die unit_of(Dwarf_Die die) {
  Dwarf_Die unit{};
  dwarf_diecu(&die, &unit, nullptr, nullptr);
  return unit;
}

}  // namespace gordian::symbols
