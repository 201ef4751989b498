// From a variable's type and an offset to the path that the source would write: `[1].lock`.
//
// Promises: bounded; stops where the type is a library's own (a mutex is `lock`, not `lock._M_mutex.__data`),
// and appends what is left as `+0x8` when it stops inside something else. Source: DWARF 5, sections 5.3, 5.5
// and 5.7.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <string>

namespace gordian::symbols {

std::string member_path(Dwarf_Die variable, uint64_t offset);

}  // namespace gordian::symbols
