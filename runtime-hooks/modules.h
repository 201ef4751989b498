// The table of executable mappings in the flight record, so that addresses can be named after the process is
// gone.
//
// Promises: reads /proc/thread-self/maps by system calls into a fixed buffer; takes no lock of the dynamic
// linker's, which a hung thread may hold. Call it in a CriticalSection or from the judge. A reader copies
// while `module_sequence` is even and unchanged.
#pragma once

#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

void refresh_modules();

// The path of the executable, and the command line.
void write_program(char (&program)[512], char (&arguments)[1024], uint32_t& arguments_size);

// The module that contains `address`; null when there is none.
const record::ModuleRecord* module_of(uint64_t address);

// Whether the memory at `address` is mapped shared, so that another process may see it.
bool in_shared_mapping(uint64_t address);

}  // namespace gordian::hooks
