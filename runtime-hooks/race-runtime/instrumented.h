// Whether everything that could put threads in an order is seen: code that was not compiled with the
// callbacks has atomic operations and inline locks of its own.
#pragma once

namespace gordian::hooks::races {

// All modules but the C and C++ libraries, whose calls are hooked, ask for the callbacks. By the flight
// record's table of modules, read anew; what was taken off meanwhile counts as seen. A module of which only a
// part was so compiled passes for whole.
bool all_is_instrumented();

}  // namespace gordian::hooks::races
