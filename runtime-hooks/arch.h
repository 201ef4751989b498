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

  // As the flight record keeps them: rbx, rbp, rsp, r12-r15, rip.
  static constexpr uint32_t kPacked = 8;
  static constexpr uint8_t kOrder[kPacked] = {3, 6, 7, 12, 13, 14, 15, 16};
  void pack(uint64_t* out) const {
    for (uint32_t i = 0; i < kPacked; ++i) out[i] = value[kOrder[i]];
  }
  void unpack(const uint64_t* in) {
    for (uint32_t i = 0; i < kPacked; ++i) value[kOrder[i]] = in[i];
  }
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

// A system call past libc: no errno, no hook. Returns the kernel's value, -errno on failure.
inline long raw_syscall(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  long result;
  asm volatile("syscall" : "=a"(result) : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9) : "rcx", "r11", "memory");
  return result;
}

#elif defined(__aarch64__)

// x19-x28 19-28, frame pointer 29, link register 30, sp 31, program counter 32.
struct Registers {
  static constexpr uint32_t kCount = 33;
  static constexpr uint32_t kStackPointer = 31;
  static constexpr uint32_t kProgramCounter = 32;
  uint64_t value[kCount];

  // As the flight record keeps them: x19-x30, sp, pc.
  static constexpr uint32_t kPacked = 14;
  void pack(uint64_t* out) const {
    for (uint32_t i = 0; i < kPacked; ++i) out[i] = value[19 + i];
  }
  void unpack(const uint64_t* in) {
    for (uint32_t i = 0; i < kPacked; ++i) value[19 + i] = in[i];
  }
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

inline long raw_syscall(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
  register long x8 asm("x8") = number;
  register long x0 asm("x0") = a;
  register long x1 asm("x1") = b;
  register long x2 asm("x2") = c;
  register long x3 asm("x3") = d;
  register long x4 asm("x4") = e;
  register long x5 asm("x5") = f;
  asm volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
}

#else
#error "Gordian's runtime knows x86-64 and AArch64"
#endif

}  // namespace gordian::hooks
