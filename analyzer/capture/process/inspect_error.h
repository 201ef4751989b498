// Why a process or core cannot be looked at: one line that says what, where, and what to try next.
#pragma once

#include <stdexcept>

namespace gordian::capture {

class InspectError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

}  // namespace gordian::capture
