// What the file of a module says that is not mapped: who compiled it, and what its memory is for.
//
// Promises: reads the file by system calls, with descriptors of the calling thread's, no allocation. A file
// that cannot be read, or is no ELF of 64 bits, says nothing. Source: System V ABI, chapters 4 and 5.
#pragma once

#include <cstdint>

namespace gordian::hooks::races {

// Whether every compiler that left its name in .comment is GCC.
bool is_made_by_gcc(const char* path);

// Whether a counter lies there that a compiler counts executions in, for coverage or profiles: by the name of
// its symbol (GCC, stripped files do not tell) or of its section (LLVM). Threads add to these without any
// order, by design. `address` as the file has it.
bool is_execution_counter(const char* path, uint64_t address);

}  // namespace gordian::hooks::races
