// The places that the launcher wants to be tried first (analyzer/record/race_sites.h).
#pragma once

#include <cstdint>

namespace gordian::hooks::races {

// Calls `each(context, low, high)` for the ranges of code of the modules that are loaded; nothing where there
// is no such file. Async-signal-safe.
void for_each_wanted(const char* directory, void (*each)(void* context, uint64_t low, uint64_t high),
                     void* context);

}  // namespace gordian::hooks::races
