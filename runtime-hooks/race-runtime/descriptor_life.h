// File descriptors: who uses one must come before its closing. As its number is soon that of another file, a
// call that comes too late goes wrong quietly.
//
// A number has a cell of the shadow of its own: that of the address that is 8 times one more, where no
// process has memory. What was used is known by its inode, so that a number that was closed and given out
// again past the hooks is not taken for the same.
#pragma once

#include "runtime-hooks/site.h"

namespace gordian::hooks::races {

inline constexpr uint64_t kDescriptorsEnd = 0x8000;  // of their addresses: below what the kernel maps at

// While nothing is detected, nothing.
void use_descriptor(int file, const Site& site);
// Before it is closed.
void end_descriptor(int file, const Site& site);
// It is a new one.
void begin_descriptor(int file);

}  // namespace gordian::hooks::races
