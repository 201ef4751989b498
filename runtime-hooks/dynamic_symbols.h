// The nearest dynamic symbol below an address, without the dynamic linker's lock: a hung thread may hold
// that.
#pragma once

#include <cstdint>

namespace gordian::hooks {

// The mangled name of the function or variable that contains `address`; null when the module exports none.
// Points into the module.
const char* function_name_at(uint64_t address);

}  // namespace gordian::hooks
