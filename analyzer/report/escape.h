// Foreign text made safe for a terminal: names of threads, functions and files come from the watched program,
// which may be hostile.
//
// Promises: the result is valid UTF-8 without control characters (C0, DEL, C1), line or paragraph separators,
// or characters that change the direction of text; those, and bytes that are no UTF-8, come out as \n, \t,
// \xNN or \u{NNNN}. Everything else is unchanged.
#pragma once

#include <string>
#include <string_view>

namespace gordian::report {

std::string printable(std::string_view text);

// As `printable`, and in double quotes, with quotes and backslashes inside escaped: nothing can pose as the
// end of the name.
std::string quoted(std::string_view text);

}  // namespace gordian::report
