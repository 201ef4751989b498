// Patterns with `*` (any text, none included) and `?` (one byte), as in file names but blind to slashes.
//
// Promises: pure; the pattern has to cover the whole text; time at most the product of the two lengths.
#pragma once

#include <string_view>

namespace gordian::finding {

bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace gordian::finding
