#include "analyzer/capture/process/registers.h"

#include <sys/procfs.h>
#include <sys/user.h>

#include <cerrno>
#include <cstring>

namespace gordian::capture {
namespace {

void set(Registers& registers, uint32_t number, uint64_t value) {
  registers.value[number] = value;
  registers.known |= uint64_t{1} << number;
}

}  // namespace

#if defined(__x86_64__)

constexpr uint32_t kStackPointer = 7;
constexpr uint32_t kReturnAddress = 16;

std::optional<Registers> registers_from(const void* general, size_t size) {
  user_regs_struct user;
  if (size < sizeof user) return {};
  std::memcpy(&user, general, sizeof user);
  Registers registers;
  const uint64_t in_order[] = {user.rax, user.rdx, user.rcx, user.rbx, user.rsi, user.rdi,
                               user.rbp, user.rsp, user.r8,  user.r9,  user.r10, user.r11,
                               user.r12, user.r13, user.r14, user.r15, user.rip};
  for (uint32_t i = 0; i < std::size(in_order); ++i) set(registers, i, in_order[i]);
  registers.program_counter = user.rip;
  registers.stack_pointer = user.rsp;
  return registers;
}

// The kernel overwrites rax with the result and leaves the arguments where they were. A call that has come to
// its end has another result than these, which tell that it was interrupted and would have gone on.
bool was_interrupted(int64_t result) {
  constexpr int64_t kErestartsys = -512;
  constexpr int64_t kErestartBlock = -516;
  return result == -EINTR || (result <= kErestartsys && result >= kErestartBlock);
}

std::optional<SystemCall> call_from(const void* general, size_t size) {
  user_regs_struct user;
  if (size < sizeof user) return {};
  std::memcpy(&user, general, sizeof user);
  const auto number = static_cast<int64_t>(user.orig_rax);
  if (number < 0 || number > 0xffff || !was_interrupted(static_cast<int64_t>(user.rax))) return {};
  return SystemCall{number, {user.rdi, user.rsi, user.rdx, user.r10, user.r8, user.r9}, user.rsp, user.rip};
}

#elif defined(__aarch64__)

constexpr uint32_t kStackPointer = 31;
constexpr uint32_t kReturnAddress = 32;

std::optional<Registers> registers_from(const void* general, size_t size) {
  user_regs_struct user;
  if (size < sizeof user) return {};
  std::memcpy(&user, general, sizeof user);
  Registers registers;
  for (uint32_t i = 0; i < 31; ++i) set(registers, i, user.regs[i]);
  set(registers, kStackPointer, user.sp);
  set(registers, kReturnAddress, user.pc);
  registers.program_counter = user.pc;
  registers.stack_pointer = user.sp;
  return registers;
}

// The result takes the place of the first argument, and nothing says whether the thread was in a call at all.
std::optional<SystemCall> call_from(const void*, size_t) {
  return {};
}

#endif

Registers registers_at(const SystemCall& call) {
  Registers registers;
  set(registers, kStackPointer, call.stack_pointer);
  set(registers, kReturnAddress, call.program_counter);
  registers.program_counter = call.program_counter;
  registers.stack_pointer = call.stack_pointer;
  return registers;
}

}  // namespace gordian::capture
