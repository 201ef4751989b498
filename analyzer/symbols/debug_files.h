// Finding a module's separate debug file, without the network.
//
// Promises: looks by build-id under /usr/lib/debug/.build-id, then by .gnu_debuglink beside the module, in
// its .debug directory and under /usr/lib/debug; a linked file is taken only when its checksum is the one
// that the link names. Source: GDB manual, "Debugging Information in Separate Files".
#pragma once

#include <elfutils/libdwfl.h>

namespace gordian::symbols {

// The callbacks for a session that works from files alone.
const Dwfl_Callbacks& offline_callbacks();

}  // namespace gordian::symbols
