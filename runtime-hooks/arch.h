// What depends on the processor: capturing registers, DWARF register numbers, the signal trampoline. One branch an architecture; no
// inline assembly anywhere else.
#pragma once

#include <cstdint>

namespace gordian::hooks {

#if defined(__x86_64__)

// Callee-saved registers and where they stand, by DWARF number: rbx 3, rbp 6, rsp 7, r12-r15 12-15, return address 16.
struct Registers {
  static constexpr uint32_t kCount = 17;
  static constexpr uint32_t kStackPointer = 7;
  static constexpr uint32_t kProgramCounter = 16;
  uint64_t value[kCount];
};

// Stores the registers as they are at the point of use, in the function that contains it.
__attribute__((always_inline)) inline void capture(Registers& r) {
  asm volatile(
      "movq %%rbx, 24(%0)\n\t"
      "movq %%rbp, 48(%0)\n\t"
      "movq %%rsp, 56(%0)\n\t"
      "movq %%r12, 96(%0)\n\t"
      "movq %%r13, 104(%0)\n\t"
      "movq %%r14, 112(%0)\n\t"
      "movq %%r15, 120(%0)\n\t"
      "leaq 0(%%rip), %%rax\n\t"
      "movq %%rax, 128(%0)\n\t"
      :
      : "r"(r.value)
      : "rax", "memory");
}

inline void cpu_relax() { asm volatile("pause" ::: "memory"); }

#elif defined(__aarch64__)

// x19-x28 19-28, frame pointer 29, link register 30, sp 31, program counter 32.
struct Registers {
  static constexpr uint32_t kCount = 33;
  static constexpr uint32_t kStackPointer = 31;
  static constexpr uint32_t kProgramCounter = 32;
  uint64_t value[kCount];
};

__attribute__((always_inline)) inline void capture(Registers& r) {
  asm volatile(
      "stp x19, x20, [%0, #152]\n\t"
      "stp x21, x22, [%0, #168]\n\t"
      "stp x23, x24, [%0, #184]\n\t"
      "stp x25, x26, [%0, #200]\n\t"
      "stp x27, x28, [%0, #216]\n\t"
      "stp x29, x30, [%0, #232]\n\t"
      "mov x9, sp\n\t"
      "str x9, [%0, #248]\n\t"
      "adr x9, .\n\t"
      "str x9, [%0, #256]\n\t"
      :
      : "r"(r.value)
      : "x9", "memory");
}

inline void cpu_relax() { asm volatile("yield" ::: "memory"); }

#else
#error "Gordian's runtime knows x86-64 and AArch64"
#endif

}  // namespace gordian::hooks
