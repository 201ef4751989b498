// One translation unit, from its compile command to what unit.h says of it. The only header of this directory
// that the rest may include: it shows nothing of clang.
//
// Promises: writes no file, prints nothing, keeps no state between calls. What the unit's compiler warns of
// is not heard; its first error ends up in Unit::error, and then the unit says nothing else but its includes.
// What clang itself crashes on takes the process down: call it in one that may go.
#pragma once

#include <string>

#include "analyzer/static-pass/driver/database.h"
#include "analyzer/static-pass/summary/unit.h"

namespace gordian::check {

Unit lower_unit(const CompileCommand& command);

}  // namespace gordian::check
