#include "analyzer/symbols/member_path.h"

#include <dwarf.h>

#include <cctype>
#include <cstdio>
#include <optional>
#include <string_view>
#include <vector>

namespace gordian::symbols {
namespace {

constexpr int kMostSteps = 64;

struct Place {
  Dwarf_Die type{};
  uint64_t offset = 0;
  std::string path;
  bool in_library_type = false;
};

// Identifiers that the language reserves for its implementation: nobody outside it means them.
bool is_reserved(const char* name) {
  return name[0] == '_' && (name[1] == '_' || std::isupper(static_cast<unsigned char>(name[1])) != 0);
}

std::optional<Dwarf_Die> type_of(Dwarf_Die die) {
  Dwarf_Attribute attribute;
  Dwarf_Die type;
  if (dwarf_attr_integrate(&die, DW_AT_type, &attribute) == nullptr) return std::nullopt;
  if (dwarf_formref_die(&attribute, &type) == nullptr) return std::nullopt;
  Dwarf_Die peeled;
  return dwarf_peel_type(&type, &peeled) == 0 ? peeled : type;
}

// A type that came with the system: its insides are nobody's business, except where they hold objects of the
// program.
bool is_library_type(Dwarf_Die type) {
  const char* file = dwarf_decl_file(&type);
  if (file == nullptr) return false;
  const std::string_view path = file;
  return path.substr(0, 13) == "/usr/include/" || path.substr(0, 9) == "/usr/lib/";
}

uint64_t size_of(Dwarf_Die type) {
  Dwarf_Word size = 0;
  return dwarf_aggregate_size(&type, &size) == 0 ? size : 0;
}

bool is_class(Dwarf_Die type) {
  const int tag = dwarf_tag(&type);
  return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type;
}

bool has_members(Dwarf_Die type) {
  Dwarf_Die child;
  if (dwarf_child(&type, &child) != 0) return false;
  do {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_member || tag == DW_TAG_inheritance) return true;
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

// Whether a member of this type can be, or contain, something that the program locks.
bool holds_objects(Dwarf_Die type) {
  if (dwarf_tag(&type) != DW_TAG_array_type) return is_class(type);
  const std::optional<Dwarf_Die> element = type_of(type);
  return element && is_class(*element);
}

std::optional<uint64_t> member_offset(Dwarf_Die member) {
  Dwarf_Attribute attribute;
  if (dwarf_attr(&member, DW_AT_data_member_location, &attribute) == nullptr) return 0;  // as in a union
  Dwarf_Word value = 0;
  if (dwarf_formudata(&attribute, &value) == 0) return value;
  Dwarf_Op* operations = nullptr;
  size_t count = 0;
  if (dwarf_getlocation(&attribute, &operations, &count) == 0 && count == 1 &&
      operations[0].atom == DW_OP_plus_uconst) {
    return operations[0].number;
  }
  return std::nullopt;  // a virtual base: where it is depends on the object
}

uint64_t bound_of(Dwarf_Die subrange) {
  Dwarf_Attribute attribute;
  Dwarf_Word value = 0;
  if (dwarf_attr(&subrange, DW_AT_count, &attribute) != nullptr && dwarf_formudata(&attribute, &value) == 0) {
    return value;
  }
  Dwarf_Sword upper = 0;
  if (dwarf_attr(&subrange, DW_AT_upper_bound, &attribute) != nullptr &&
      dwarf_formsdata(&attribute, &upper) == 0 && upper >= 0) {
    return static_cast<uint64_t>(upper) + 1;
  }
  return 0;
}

// Steps into the element of an array; false when the element's size is not known.
bool enter_array(Place& place) {
  const std::optional<Dwarf_Die> element = type_of(place.type);
  if (!element) return false;
  const uint64_t size = size_of(*element);
  if (size == 0) return false;
  std::vector<uint64_t> bounds;
  Dwarf_Die child;
  if (dwarf_child(&place.type, &child) == 0) {
    do {
      if (dwarf_tag(&child) == DW_TAG_subrange_type) bounds.push_back(bound_of(child));
    } while (dwarf_siblingof(&child, &child) == 0);
  }
  uint64_t index = place.offset / size;
  std::string indices;
  for (size_t i = bounds.size(); i-- > 1;) {
    if (bounds[i] == 0) return false;
    indices = "[" + std::to_string(index % bounds[i]) + "]" + indices;
    index /= bounds[i];
  }
  indices = "[" + std::to_string(index) + "]" + indices;
  // An array inside a library's type is worth an index when it holds objects (std::array), not when it is
  // padding.
  if (!place.in_library_type || is_class(*element)) place.path += indices;
  place.offset %= size;
  place.type = *element;
  return true;
}

// Steps into the member, or the base, that contains the offset.
bool enter_class(Place& place) {
  Dwarf_Die child;
  if (dwarf_child(&place.type, &child) != 0) return false;
  place.in_library_type = is_library_type(place.type);
  do {
    const int tag = dwarf_tag(&child);
    if (tag != DW_TAG_member && tag != DW_TAG_inheritance) continue;
    if (dwarf_hasattr(&child, DW_AT_external) != 0) continue;  // a static member, before DWARF 5
    const std::optional<uint64_t> begin = member_offset(child);
    const std::optional<Dwarf_Die> type = type_of(child);
    if (!begin || !type || place.offset < *begin || place.offset - *begin >= size_of(*type)) continue;
    if (tag == DW_TAG_inheritance && !has_members(*type)) continue;  // an empty base shares its place
    const char* name = tag == DW_TAG_member ? dwarf_diename(&child) : nullptr;
    if (name != nullptr) {
      const bool is_hidden = is_reserved(name) || dwarf_hasattr(&child, DW_AT_artificial) != 0 ||
                             (place.in_library_type && !holds_objects(*type));
      if (is_hidden) place.in_library_type = true;
      if (!is_hidden) place.path += std::string(".") + name;
    }
    place.offset -= *begin;
    place.type = *type;
    return true;
  } while (dwarf_siblingof(&child, &child) == 0);
  return false;
}

}  // namespace

std::string member_path(Dwarf_Die variable, uint64_t offset) {
  Place place;
  place.offset = offset;
  bool is_known = false;
  if (const std::optional<Dwarf_Die> type = type_of(variable)) {
    place.type = *type;
    is_known = true;
  }
  for (int step = 0; is_known && step < kMostSteps; ++step) {
    if (dwarf_tag(&place.type) == DW_TAG_array_type) {
      if (!enter_array(place)) break;
    } else if (!is_class(place.type) || !enter_class(place)) {
      break;
    }
  }
  if (place.offset != 0 && !place.in_library_type) {
    char text[24];
    std::snprintf(text, sizeof text, "+0x%llx", static_cast<unsigned long long>(place.offset));
    place.path += text;
  }
  return place.path;
}

}  // namespace gordian::symbols
