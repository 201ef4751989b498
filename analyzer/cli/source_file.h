// A source file as a whole.
#pragma once

#include <string>

namespace gordian::cli {

// Empty when it cannot be read, is no regular file, or is larger than any source is (64 MB).
std::string read_source_file(const std::string& path);

}  // namespace gordian::cli
