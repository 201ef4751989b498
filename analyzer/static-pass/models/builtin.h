// The models of the C and C++ libraries, POSIX, and the libraries whose locks are met most often.
#pragma once

#include <string_view>

namespace gordian::check {

extern const std::string_view kBuiltinModels;

}  // namespace gordian::check
