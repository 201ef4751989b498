// Names and positions that a DWARF entry carries.
//
// Promises: empty when the entry has none. Follows abstract origins and specifications, so that an inlined
// call and an out-of-line definition are named like the declaration. Source: DWARF 5, sections 2.14, 3.3.8.
#pragma once

#include <elfutils/libdw.h>

#include <string>

namespace gordian::symbols {

// The linker's name: mangled, or for C the name itself. Empty for what C++ does not show to the linker (GCC
// writes no mangled name for functions and variables with internal linkage).
std::string linkage_name(Dwarf_Die die);

// A function's name put together from its scopes, for when there is no linker's name: `bank::work()`,
// `bank::work(...)`.
std::string scoped_function_name(Dwarf_Die die);

std::string plain_name(Dwarf_Die die);

// `path` as the unit means it: joined with the directory that the compiler ran in when it is relative, and
// without the parts `..` that a build beside its source has.
std::string source_path(Dwarf_Die unit, const char* path);

// The entry for the unit that `die` belongs to.
Dwarf_Die unit_of(Dwarf_Die die);

}  // namespace gordian::symbols
