// From each frame's registers to its caller's, by the row of call frame information that covers it.
#include "runtime-hooks/unwind.h"

#include <sys/syscall.h>
#include <sys/uio.h>

#include "runtime-hooks/cfi.h"

namespace gordian::hooks {
namespace {

constexpr uint64_t kPageSize = sizeof(ForeignStack::bytes);

// Reads this process's own memory without the risk of a fault. The kernel always grants a process access to
// itself.
bool read_without_fault(uint64_t address, void* out, size_t size) {
  iovec local{out, size};
  iovec remote{reinterpret_cast<void*>(address), size};
  const long pid =
      raw_syscall(SYS_gettid);  // the process's own number is that of its first thread, which may have ended
  return raw_syscall(SYS_process_vm_readv, pid, reinterpret_cast<long>(&local), 1,
                     reinterpret_cast<long>(&remote), 1) == static_cast<long>(size);
}

// Not memcpy: a sanitizer's would report the parts of a stack that its program may not touch. The barrier
// keeps the compiler from putting one in the loop's place.
void copy(void* to, const void* from, size_t size) {
  if (size == sizeof(uint64_t)) {
    __builtin_memcpy(to, from, sizeof(uint64_t));
    return;
  }
  for (size_t i = 0; i < size; ++i) {
    static_cast<unsigned char*>(to)[i] = static_cast<const unsigned char*>(from)[i];
    asm volatile("" ::: "memory");
  }
}

bool is_signal_trampoline(uint64_t address) {
  unsigned char code[sizeof SignalTrampoline::kCode];
  return read_without_fault(address, code, sizeof code) &&
         __builtin_memcmp(code, SignalTrampoline::kCode, sizeof code) == 0;
}

class Walk {
 public:
  Walk(const Registers& registers, StackReader reader, void* context)
      : frame_{registers, Registers::kCaptured}, memory_{reader, context} {}

  uint64_t program_counter() const { return frame_.registers.value[Registers::kProgramCounter]; }

  // Tells the frame's canonical frame address and moves to its caller. False at the end of the stack, and
  // where it cannot be followed.
  bool step(uint64_t& canonical_frame_address) {
    const uint64_t pc = program_counter();
    // A return address may be the first byte after the function, when the call does not come back; the call
    // itself is before it. Not so where the kernel interrupted the thread.
    const uint64_t lookup = interrupted_ ? pc : pc - 1;
    cfi::Entry entry;
    const bool found = cfi::find_entry(lookup, entry);
    if (may_be_signal_trampoline(found, entry, pc) && is_signal_trampoline(pc)) {
      return leave_signal_frame(canonical_frame_address);
    }
    cfi::Row row;
    return found && cfi::find_row(entry, lookup, row) && apply(entry, row, canonical_frame_address);
  }

 private:
  // Two functions stay out of line to keep the stack small: what they need is not needed while a row is
  // searched.

  // The trampoline is entered by a return, at its first instruction, which a lookup of the byte before takes
  // for the code that precedes it. Reading code costs a system call, so it is read only where nothing better
  // explains the address.
  static bool may_be_signal_trampoline(bool found, const cfi::Entry& entry, uint64_t pc) {
    if (!found || entry.end == pc) return true;
    return entry.signal_frame && !SignalTrampoline::kHasExactFrameInformation;
  }

  [[gnu::noinline]] bool leave_signal_frame(uint64_t& canonical_frame_address) {
    const uint64_t base = frame_.registers.value[Registers::kStackPointer];
    Registers saved;
    for (uint32_t i = 0; i < Registers::kCount; ++i) {
      if (!memory_.word(base + SignalTrampoline::kOffset[i], saved.value[i])) return false;
    }
    canonical_frame_address = saved.value[Registers::kStackPointer];
    frame_ = {saved, (uint64_t{1} << Registers::kCount) - 1};
    interrupted_ = true;
    return true;
  }

  [[gnu::noinline]] bool apply(const cfi::Entry& entry, const cfi::Row& row,
                               uint64_t& canonical_frame_address) {
    uint64_t cfa = 0;
    if (!find_cfa(entry, row, cfa)) return false;
    canonical_frame_address = cfa;

    cfi::FrameRegisters caller{frame_.registers, 0};
    for (uint32_t i = 0; i < Registers::kCount; ++i) restore(i, entry, row, cfa, caller);
    if (row.rule[Registers::kStackPointer] == cfi::Rule::kUnspecified)
      caller.set(Registers::kStackPointer, cfa);

    uint64_t return_address = 0;
    uint64_t stack_pointer = 0;
    if (!caller.get(entry.return_address, return_address)) return false;
    if (!caller.get(Registers::kStackPointer, stack_pointer)) return false;
    if (!grows(entry, stack_pointer)) return false;
    if (row.return_address_signed) return_address = strip_authentication(return_address);
    caller.set(Registers::kProgramCounter, return_address);
    frame_ = caller;
    interrupted_ = entry.signal_frame;
    return true;
  }

  bool find_cfa(const cfi::Entry& entry, const cfi::Row& row, uint64_t& cfa) const {
    if (row.cfa_rule == cfi::Rule::kValueExpression) {
      return cfi::evaluate(cfi::expression_at(entry.module, row.cfa_operand), nullptr, frame_, memory_, cfa);
    }
    if (!frame_.get(row.cfa_register, cfa)) return false;
    cfa += static_cast<uint64_t>(int64_t{row.cfa_operand});
    return true;
  }

  // Sets the caller's register, or leaves it unknown. Most of them do not matter; the walk ends at the first
  // that does.
  void restore(uint32_t number, const cfi::Entry& entry, const cfi::Row& row, uint64_t cfa,
               cfi::FrameRegisters& caller) const {
    const int32_t operand = row.operand[number];
    const uint64_t relative = cfa + static_cast<uint64_t>(int64_t{operand});
    uint64_t value = 0;
    bool known = false;
    switch (row.rule[number]) {
      case cfi::Rule::kUnspecified:
        // A callee preserves some registers and may have changed all others. The program counter has no value
        // that lasts.
        known = (Registers::kCaptured >> number & 1) != 0 && number != Registers::kProgramCounter &&
                frame_.get(number, value);
        break;
      case cfi::Rule::kUndefined:
        break;
      case cfi::Rule::kSameValue:
        known = frame_.get(number, value);
        break;
      case cfi::Rule::kOffset:
        known = memory_.word(relative, value);
        break;
      case cfi::Rule::kValueOffset:
        value = relative;
        known = true;
        break;
      case cfi::Rule::kRegister:
        known = frame_.get(static_cast<uint32_t>(operand), value);
        break;
      case cfi::Rule::kExpression:
      case cfi::Rule::kValueExpression:
        known = cfi::evaluate(cfi::expression_at(entry.module, operand), &cfa, frame_, memory_, value) &&
                (row.rule[number] == cfi::Rule::kValueExpression || memory_.word(value, value));
        break;
    }
    if (known) caller.set(number, value);
  }

  // A caller's frame is above its callee's; only a function that has not touched the stack may share its
  // caller's stack pointer, and only an interruption can stop a thread there. A signal handler may run on a
  // stack of its own, below or above.
  bool grows(const cfi::Entry& entry, uint64_t stack_pointer) const {
    const uint64_t current = frame_.registers.value[Registers::kStackPointer];
    return entry.signal_frame || stack_pointer > current || (interrupted_ && stack_pointer == current);
  }

  cfi::FrameRegisters frame_;
  cfi::StackMemory memory_;
  bool interrupted_ =
      true;  // the first program counter is where the thread stands, not where it will return to
};

}  // namespace

bool OwnStack::read(void* context, uint64_t address, void* out, size_t size) {
  const OwnStack& stack = *static_cast<const OwnStack*>(context);
  if (address < stack.low || address > stack.high || size > stack.high - address) return false;
  copy(out, reinterpret_cast<const void*>(address), size);
  return true;
}

bool ForeignStack::read(void* context, uint64_t address, void* out, size_t size) {
  ForeignStack& stack = *static_cast<ForeignStack*>(context);
  auto* to = static_cast<unsigned char*>(out);
  while (size != 0) {
    const uint64_t page = address & ~(kPageSize - 1);
    if (!stack.valid || stack.page != page) {
      stack.valid = read_without_fault(page, stack.bytes, kPageSize);
      stack.page = page;
      if (!stack.valid) return false;
    }
    const uint64_t offset = address - page;
    const size_t part = size < kPageSize - offset ? size : kPageSize - offset;
    copy(to, stack.bytes + offset, part);
    to += part;
    address += part;
    size -= part;
  }
  return true;
}

UnwindResult unwind(const Registers& registers, StackReader reader, void* context, record::Frame* frames,
                    uint32_t capacity) {
  Walk walk(registers, reader, context);
  UnwindResult result{0, false};
  while (walk.program_counter() != 0) {
    if (result.count == capacity) {
      result.truncated = true;
      break;
    }
    record::Frame& frame = frames[result.count++];
    frame = {walk.program_counter(), 0};
    if (!walk.step(frame.canonical_frame_address)) break;
  }
  return result;
}

}  // namespace gordian::hooks
