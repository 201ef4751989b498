// All bytes of a file, read in blocks.
//
// Promises: nothing when it cannot be opened or read.
#pragma once

#include <optional>
#include <string>

namespace gordian::check {

std::optional<std::string> bytes_of_file(const std::string& path);

}  // namespace gordian::check
