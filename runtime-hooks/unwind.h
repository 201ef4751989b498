// The stack of a thread of this process, from its registers: a small interpreter of DWARF call frame
// information.
//
// Promises: no allocation, no lock, no libc call but _dl_find_object (lock-free, glibc 2.35); safe to call
// from a signal handler and on another thread's stack while that thread runs: stack memory is read through
// the given reader, which may refuse, and unwinding then ends there. Stops, never guesses: an address without
// frame information, an unreadable word or a frame that does not grow ends the walk. Signal frames (the
// kernel's rt_sigreturn trampoline) are walked through, alternate stacks included if the reader reads both.
// Call frame information is read where it is mapped: a module must not be unloaded while a walk is in its
// frames. Uses less than 1.5 KiB of stack on x86-64 and 2 KiB on AArch64. Sources: DWARF 5 section 6.4; Linux
// Standard Base, .eh_frame and .eh_frame_hdr; System V ABI supplements for x86-64 and AArch64.
#pragma once

#include <cstddef>
#include <cstdint>

#include "analyzer/record/flight_record.h"
#include "runtime-hooks/arch.h"

namespace gordian::hooks {

// Reads `size` bytes of this process at `address` into `out`; false when they cannot be read.
using StackReader = bool (*)(void* context, uint64_t address, void* out, size_t size);

// Reads straight from memory: for the calling thread's own stack, between `low` and `high`.
struct OwnStack {
  uint64_t low;
  uint64_t high;
  static bool read(void* context, uint64_t address, void* out, size_t size);
};

// Reads another thread's stack by process_vm_readv on ourselves, one cached page at a time: never faults.
struct ForeignStack {
  uint64_t page = 0;
  bool valid = false;
  alignas(16) unsigned char bytes[4096];
  static bool read(void* context, uint64_t address, void* out, size_t size);
};

struct UnwindResult {
  uint32_t count;
  bool truncated;  // more frames than `capacity`
};

// frames[0].address is `registers`' program counter; the following are return addresses, or, below a signal
// frame, where the thread was interrupted. canonical_frame_address is the stack pointer of the caller at the
// call; 0 in the last frame where that cannot be told.
UnwindResult unwind(const Registers& registers, StackReader reader, void* context, record::Frame* frames,
                    uint32_t capacity);

}  // namespace gordian::hooks
