// syscall(SYS_futex, ...): the waits of C++20 semaphores, latches, barriers and atomic::wait, and of Rust's
// and Abseil's locks. A futex word names no owner; the wait is recorded as one that anybody could end, and
// counted as unseen.
//
// Every other system call goes through as it came, by a jump: some return twice (vfork, clone), which no
// frame of ours would survive.
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>

#include "runtime-hooks/interpose/sandbox.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {

constexpr auto kFutexKind = ResourceKind::kFutex;

bool is_wait(int operation) {
  return operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET;
}
bool is_wake(int operation) {
  return operation == FUTEX_WAKE || operation == FUTEX_WAKE_BITSET || operation == FUTEX_WAKE_OP ||
         operation == FUTEX_REQUEUE || operation == FUTEX_CMP_REQUEUE;
}

// Anything else was somebody's doing: a wake, or a word that is another by now.
bool ended_by_itself(long result) {
  return result != 0 && (errno == ETIMEDOUT || errno == EINTR);
}

[[gnu::noinline]] long futex(long word, long operation, long value, long timeout, long second, long third,
                             const Site& site) {
  ThreadRecord* self = local.inside ? nullptr : current();
  const int command = static_cast<int>(operation) & FUTEX_CMD_MASK;
  if (self == nullptr || (!is_wait(command) && !is_wake(command)))
    return real::syscall(SYS_futex, word, operation, value, timeout, second, third);
  auto* resource = meet(kFutexKind, static_cast<uint64_t>(word), site.return_address);
  if (is_wake(command)) {
    if (resource != nullptr) resources.signalled(resource, self);
    if constexpr (kFollowing) {
      trace_notifies(kFutexKind, static_cast<uint64_t>(word), site.return_address,
                     value == INT32_MAX ? record::kTraceAll : 0);
      if (command == FUTEX_WAKE_OP)
        trace_notifies(kFutexKind, static_cast<uint64_t>(second), site.return_address, 0);
    }
    return real::syscall(SYS_futex, word, operation, value, timeout, second, third);
  }
  runtime.count(Unseen::kRawFutex);
  const uint64_t bits = (timeout != 0 ? record::kTimedBit : 0) |
                        (operation & FUTEX_PRIVATE_FLAG ? 0 : record::kProcessSharedBit);
  Hold* entry = begin(self, static_cast<uint64_t>(word), kFutexKind, bits, site);
  if constexpr (kFollowing) trace_attempt(kFutexKind, static_cast<uint64_t>(word), bits, site.return_address);
  Registers registers;
  capture(registers);
  about_to_wait(self, registers,
                {0, resource != nullptr ? __atomic_load_n(&resource->signals, __ATOMIC_RELAXED) : 0});
  const long result = real::syscall(SYS_futex, word, operation, value, timeout, second, third);
  if constexpr (kFollowing) trace_woke(entry, ended_by_itself(result) ? record::kTraceTimedOut : 0);
  undo(self, entry);
  if (result == 0 && resource != nullptr) __atomic_fetch_add(&resource->wakes, 1, __ATOMIC_RELAXED);
  return result;
}

}  // namespace
}  // namespace gordian::hooks

#pragma GCC visibility push(default)
// Declared variadic by unistd.h, so it is defined under a name of its own and given the other by the
// assembler.
extern "C" long gordian_syscall(long number, long a, long b, long c, long d, long e, long f) asm("syscall");
#pragma GCC visibility pop

extern "C" long gordian_syscall(long number, long a, long b, long c, long d, long e, long f) {
  if (number == SYS_futex) [[unlikely]]
    return gordian::hooks::futex(a, b, c, d, e, f, gordian::hooks::call_site());
  if (number == SYS_seccomp) [[unlikely]]
    gordian::hooks::before_seccomp(a, reinterpret_cast<const void*>(c));
  if (number == SYS_prctl) [[unlikely]]
    gordian::hooks::before_prctl(a, b, reinterpret_cast<const void*>(c));
  return gordian::hooks::real::syscall(number, a, b, c, d, e, f);
}
