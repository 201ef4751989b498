// Function-local statics: __cxa_guard_acquire, release, abort (Itanium C++ ABI, 3.3.3). The thread that was
// told to initialise owns the guard.
#include "runtime-hooks/interpose/once_call.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {

constexpr auto kStaticGuardKind = ResourceKind::kStaticGuard;

// The ABI's first byte is non-zero when the object is there; libstdc++ marks a guard in progress in the bytes
// after it.
bool is_done(const long* guard) {
  return __atomic_load_n(reinterpret_cast<const char*>(guard), __ATOMIC_ACQUIRE) != 0;
}
bool is_in_progress(const long* guard) {
  return __atomic_load_n(reinterpret_cast<const int*>(guard), __ATOMIC_RELAXED) >> 8 != 0;
}

// A C program's plug-in may bring its own libstdc++ inside (-static-libstdc++): its calls come to us, and no
// search from here finds where they were meant to go. The protocol then is ours to follow, in libstdc++'s
// layout.
constexpr int kDone = 1;
constexpr int kPending = 1 << 8;
constexpr int kWaitedFor = 1 << 16;

int acquire_as_libstdcxx(long* guard) {
  auto* word = reinterpret_cast<int*>(guard);
  for (;;) {
    int seen = 0;
    if (__atomic_compare_exchange_n(word, &seen, kPending, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
      return 1;
    if (seen & kDone) return 0;
    if (seen == kPending && !__atomic_compare_exchange_n(word, &seen, kPending | kWaitedFor, false,
                                                         __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
      continue;
    kernel::futex_wait(reinterpret_cast<uint32_t*>(word), kPending | kWaitedFor, nullptr);
  }
}

void leave_as_libstdcxx(long* guard, int state) {
  auto* word = reinterpret_cast<int*>(guard);
  if (__atomic_exchange_n(word, state, __ATOMIC_ACQ_REL) & kWaitedFor)
    kernel::futex_wake(reinterpret_cast<uint32_t*>(word), INT32_MAX);
}

int acquire_next(long* guard) {
  return real::guard_acquire.available() ? real::guard_acquire(guard) : acquire_as_libstdcxx(guard);
}

[[gnu::noinline]] int acquire_guard(ThreadRecord* self, Hold* entry, long* guard) {
  Registers registers;
  capture(registers);
  if (is_in_progress(guard)) about_to_wait(self, registers);
  local.inside = true;  // libstdc++ waits by syscall(SYS_futex)
  const int chosen = acquire_next(guard);
  local.inside = false;
  if constexpr (kFollowing) {
    if (chosen == 0) trace_woke(entry, 0);
  }
  if (chosen != 0) {
    acquired(entry);
  } else {
    undo(self, entry);
    order_acquire(self, resources.find(kStaticGuardKind, address_of(guard)), 0);
  }
  return chosen;
}

// Done, or open again to those who wait.
void give_back(ThreadRecord* self, long* guard, [[maybe_unused]] uint64_t site) {
  if constexpr (kFollowing) trace_notifies(kStaticGuardKind, address_of(guard), site, 0);
  release(self, address_of(guard), kStaticGuardKind);
}

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int __cxa_guard_acquire(long* guard) {
  if constexpr (kFollowing) {
    if (is_done(guard) && current() != nullptr && !is_met(kStaticGuardKind, address_of(guard)))
      trace_found_done(kStaticGuardKind, address_of(guard), traced_site());
  }
  ThreadRecord* self = is_done(guard) ? nullptr : current();
  if (self == nullptr) return acquire_next(guard);
  const Site site = call_site();
  drop_unwound(self, kStaticGuardKind, site);
  note_lock_attempt(self, address_of(guard), kStaticGuardKind, 0, site);
  return acquire_guard(self, begin(self, address_of(guard), kStaticGuardKind, 0, site), guard);
}

void __cxa_guard_release(long* guard) {
  if (ThreadRecord* self = current()) {
    give_back(self, guard, traced_site());
    order_release(self, resources.find(kStaticGuardKind, address_of(guard)), 0);
  }
  if (real::guard_release.available())
    real::guard_release(guard);
  else
    leave_as_libstdcxx(guard, kDone);
}

void __cxa_guard_abort(long* guard) {
  if (ThreadRecord* self = current()) give_back(self, guard, traced_site());
  if (real::guard_abort.available())
    real::guard_abort(guard);
  else
    leave_as_libstdcxx(guard, 0);
}

}  // extern "C"
#pragma GCC visibility pop
