// The one way in which a command gives up: a line that says what is wrong, where, and what to try next.
// main.cpp prints it as `gordian: ...` and exits with kExitError. Library errors (record::RecordError,
// report::ReportError, CLI::ParseError) are std::runtime_error too.
#pragma once

#include <stdexcept>

namespace gordian::cli {

inline constexpr int kExitNothing = 0;
inline constexpr int kExitFindings = 1;
inline constexpr int kExitError = 2;

class Refusal : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace gordian::cli
