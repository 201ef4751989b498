// One code address to the frames that the compiler made of it: the innermost inlined call first, the real
// function last.
//
// Source: DWARF 5, section 3.3.8 (inlined subroutines) and 6.2 (line numbers).
#pragma once

#include <string>
#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/symbols/unit_index.h"

namespace gordian::symbols {

// `address` is the DWARF's own; `symbol` is the name there in the symbol table, for functions that DWARF
// gives no linker's name. Empty when no unit covers the address. Only function, position and `inlined` are
// filled in.
std::vector<finding::Frame> frames_at(UnitIndex& index, Dwarf_Addr address, const std::string& symbol);

}  // namespace gordian::symbols
