// The registers of a thread in the numbering of DWARF, from what ptrace and core files give.
//
// Source: System V ABI supplements for x86-64 (figure 3.36) and AArch64 (DWARF for the Arm 64-bit
// architecture); struct user_regs_struct of the kernel.
#pragma once

#include <cstddef>

#include "analyzer/capture/process/process_image.h"

namespace gordian::capture {

// What a processor keeps where, for the machine that this was compiled for.
inline constexpr uint16_t kMachine =
#if defined(__x86_64__)
    62;  // EM_X86_64
#elif defined(__aarch64__)
    183;  // EM_AARCH64
#else
#error "this processor's registers are not known"
#endif

// From NT_PRSTATUS's general registers; nothing when there are too few bytes.
std::optional<Registers> registers_from(const void* general, size_t size);

// The system call that the thread was in, as its registers tell; nothing when it was in none.
std::optional<SystemCall> call_from(const void* general, size_t size);

// A blocked thread of which only these two are known.
Registers registers_at(const SystemCall& call);

}  // namespace gordian::capture
