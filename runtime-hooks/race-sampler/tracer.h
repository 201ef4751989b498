// Whether another process traces this one: a debugger takes our traps for its own.
//
// Promises: async-signal-safe, one small file of /proc is read. Source: proc(5), status.
#pragma once

namespace gordian::hooks::races {

bool has_tracer();

}  // namespace gordian::hooks::races
