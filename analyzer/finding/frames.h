// Which frames of a stack say something about the program.
//
// Promises: pure functions of the frame; a frame of an interpreter is always the program's own.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/finding/finding.h"

namespace gordian::finding {

// Whether the frame belongs to the C or C++ library, such as std::mutex::lock, and so says little about the
// program.
bool is_library_frame(const Frame& frame);

// The frame at which an editor should open: the innermost one of the program's own code that has a line, else
// the innermost that has one; null when none has.
const Frame* telling_frame(const Stack& stack);

// The function of the innermost frame of the program's own, with its parameters; empty when none has a name.
std::string own_function(const Stack& stack);

// `transfer(Account&, int) const` -> `transfer`; a name that does not end in its parameters stays as it is.
std::string_view without_parameters(std::string_view function);

}  // namespace gordian::finding
