// Function-local statics: __cxa_guard_acquire, release, abort (Itanium C++ ABI, 3.3.3). The thread that was told to initialise owns the guard.
#include "runtime-hooks/interpose/once_call.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {

constexpr auto kKind = ResourceKind::kStaticGuard;

// The ABI's first byte is non-zero when the object is there; libstdc++ marks a guard in progress in the bytes after it.
bool is_done(const long* guard) { return __atomic_load_n(reinterpret_cast<const char*>(guard), __ATOMIC_ACQUIRE) != 0; }
bool is_in_progress(const long* guard) { return __atomic_load_n(reinterpret_cast<const int*>(guard), __ATOMIC_RELAXED) >> 8 != 0; }

[[gnu::noinline]] int acquire_guard(ThreadRecord* self, Hold* entry, long* guard) {
  Registers registers;
  capture(registers);
  if (is_in_progress(guard)) about_to_wait(self, registers);
  local.inside = true;  // libstdc++ waits by syscall(SYS_futex)
  const int chosen = real::guard_acquire(guard);
  local.inside = false;
  if (chosen != 0) acquired(entry);
  else undo(self, entry);
  return chosen;
}

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int __cxa_guard_acquire(long* guard) {
  ThreadRecord* self = is_done(guard) ? nullptr : current();
  if (self == nullptr) return real::guard_acquire(guard);
  const Site site = call_site();
  drop_unwound(self, kKind, site);
  meet(kKind, address_of(guard), site.return_address);
  return acquire_guard(self, begin(self, address_of(guard), kKind, 0, site), guard);
}

void __cxa_guard_release(long* guard) {
  if (ThreadRecord* self = current()) release(self, address_of(guard), kKind);
  real::guard_release(guard);
}

void __cxa_guard_abort(long* guard) {
  if (ThreadRecord* self = current()) release(self, address_of(guard), kKind);
  real::guard_abort(guard);
}

}  // extern "C"
#pragma GCC visibility pop
