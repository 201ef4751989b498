// Whether everything that could put threads in an order is seen: code that was not compiled with the
// callbacks has atomic operations and inline locks of its own.
#pragma once

#include <cstdint>

#include "analyzer/record/flight_record.h"

namespace gordian::hooks::races {

// The module asks for the callbacks, or is one of those libraries.
bool is_instrumented(const record::ModuleRecord& module);

// All modules but the C and C++ libraries, whose calls are hooked, ask for the callbacks. By the flight
// record's table of modules, read anew; what was taken off meanwhile counts as seen. A module of which only a
// part was so compiled passes for whole.
bool all_is_instrumented();

// Whether that place is in a module that asks for the callbacks.
bool calls_back(uint64_t pc);

}  // namespace gordian::hooks::races
