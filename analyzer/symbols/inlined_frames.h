// One code address to the frames that the compiler made of it: the innermost inlined call first, the real function last.
//
// Source: DWARF 5, section 3.3.8 (inlined subroutines) and 6.2 (line numbers).
#pragma once

#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/symbols/unit_index.h"

namespace gordian::symbols {

// `address` is the DWARF's own. Empty when no unit covers it. Only function, position and `inlined` are filled in;
// the function is empty when the unit has a line but no function there.
std::vector<finding::Frame> frames_at(UnitIndex& index, Dwarf_Addr address);

}  // namespace gordian::symbols
