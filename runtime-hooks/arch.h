// What depends on the processor: capturing registers, DWARF register numbers, the signal trampoline, the raw
// system call. One branch an architecture; no inline assembly anywhere else. Sources: System V ABI
// supplements for x86-64 and AArch64 (register numbers, preserved registers); the kernel's asm/sigcontext.h
// and asm/ucontext.h (what a signal frame looks like); syscall(2) (calling convention).
#pragma once

#include <cstdint>

namespace gordian::hooks {

#if defined(__x86_64__)

// Callee-saved registers and where they stand, by DWARF number: rbx 3, rbp 6, rsp 7, r12-r15 12-15, return
// address 16.
struct Registers {
  static constexpr uint32_t kCount = 17;
  static constexpr uint32_t kStackPointer = 7;
  static constexpr uint32_t kProgramCounter = 16;
  // What capture() stores, by bit: the registers that a callee preserves, and where the thread stands.
  static constexpr uint64_t kCaptured = 1u << 3 | 1u << 6 | 1u << 7 | 0xfu << 12 | 1u << 16;
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

inline void cpu_relax() {
  asm volatile("pause" ::: "memory");
}

// Returns what the kernel returned: -errno on failure. errno itself is not touched.
inline long raw_syscall(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  asm volatile("syscall"
               : "+a"(number)
               : "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return number;
}

// The code that a signal handler returns to, and where the interrupted registers stand above the stack
// pointer that it finds.
struct SignalTrampoline {
  static constexpr unsigned char kCode[] = {0x48, 0xc7, 0xc0, 0x0f, 0x00,
                                            0x00, 0x00, 0x0f, 0x05};  // mov $15, %rax; syscall
  // ucontext's general registers start at 40, in the order of REG_R8, ...; glibc's call frame information
  // says the same.
  static constexpr uint16_t kOffset[Registers::kCount] = {144, 136, 152, 128, 112, 104, 120, 160, 40,
                                                          48,  56,  64,  72,  80,  88,  96,  168};
  static constexpr bool kHasExactFrameInformation = true;
};

// Of a jmp_buf, where glibc keeps the stack pointer rotated and mixed with a word of the thread's own
// (sysdeps/unix/sysv/linux/x86_64/pointer_guard.h).
template <typename Word>
inline uint64_t stack_pointer_in(const Word* jump_buffer) {
  uint64_t guard;
  asm("movq %%fs:0x30, %0" : "=r"(guard));
  const auto mangled = static_cast<uint64_t>(jump_buffer[6]);
  return (mangled >> 17 | mangled << 47) ^ guard;
}

// Return addresses carry no authentication code.
inline uint64_t strip_authentication(uint64_t address) {
  return address;
}

#elif defined(__aarch64__)

// x19-x28 19-28, frame pointer 29, link register 30, sp 31, program counter 32.
struct Registers {
  static constexpr uint32_t kCount = 33;
  static constexpr uint32_t kStackPointer = 31;
  static constexpr uint32_t kProgramCounter = 32;
  // What capture() stores, by bit: x19 to the program counter.
  static constexpr uint64_t kCaptured = uint64_t{0x3fff} << 19;
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

inline void cpu_relax() {
  asm volatile("yield" ::: "memory");
}

// Returns what the kernel returned: -errno on failure. errno itself is not touched.
inline long raw_syscall(long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
  register long x8 asm("x8") = number;
  register long x0 asm("x0") = a;
  register long x1 asm("x1") = b;
  register long x2 asm("x2") = c;
  register long x3 asm("x3") = d;
  register long x4 asm("x4") = e;
  register long x5 asm("x5") = f;
  asm volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
  return x0;
}

// The code that a signal handler returns to, and where the interrupted registers stand above the stack
// pointer that it finds.
struct SignalTrampoline {
  static constexpr unsigned char kCode[] = {0x68, 0x11, 0x80, 0xd2,
                                            0x01, 0x00, 0x00, 0xd4};  // mov x8, #139; svc #0
  // siginfo is 128 bytes, the ucontext's machine context starts at 176 in it, and its registers at 8 in that.
  static constexpr uint16_t kOffset[Registers::kCount] = {
      312, 320, 328, 336, 344, 352, 360, 368, 376, 384, 392, 400, 408, 416, 424, 432, 440,
      448, 456, 464, 472, 480, 488, 496, 504, 512, 520, 528, 536, 544, 552, 560, 568};
  // Where the vDSO describes its trampoline, it describes the frame record, which has lost the interrupted
  // program counter.
  static constexpr bool kHasExactFrameInformation = false;
};

// Of a jmp_buf; glibc mixes it with a word that is not ours to read. 0: not known.
template <typename Word>
inline uint64_t stack_pointer_in(const Word*) {
  return 0;
}

// Takes the pointer authentication code off a return address. HINT #7 is XPACLRI, and does nothing where
// there is none.
inline uint64_t strip_authentication(uint64_t address) {
  register uint64_t x30 asm("x30") = address;
  asm("hint #7" : "+r"(x30));
  return x30;
}

#else
#error "Gordian's runtime knows x86-64 and AArch64"
#endif

// The compiler forgets how it came by the pointer: it keeps it instead of reckoning it again, part by part,
// at every use.
template <typename T>
[[gnu::always_inline]] inline T* in_one_register(T* pointer) {
  asm("" : "+r"(pointer));
  return pointer;
}

}  // namespace gordian::hooks
