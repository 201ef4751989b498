// pthread spin locks: init, destroy, lock, trylock, unlock. Tried first, as the read-write locks are.
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {

constexpr auto kKind = ResourceKind::kSpin;

[[gnu::noinline]] int lock_taken(ThreadRecord* self, Hold* entry, pthread_spinlock_t* lock) {
  Registers registers;
  capture(registers);
  about_to_wait(self, registers);
  const int result = real::pthread_spin_lock(lock);
  if (result == 0) acquired(entry);
  else undo(self, entry);
  return result;
}

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int pthread_spin_init(pthread_spinlock_t* lock, int process_shared) noexcept {
  const int result = real::pthread_spin_init(lock, process_shared);
  if (result == 0 && current() != nullptr)
    resources.initialised(kKind, address_of(lock), call_site().return_address, -1, process_shared == PTHREAD_PROCESS_SHARED);
  return result;
}

int pthread_spin_destroy(pthread_spinlock_t* lock) noexcept {
  const int result = real::pthread_spin_destroy(lock);
  if (result == 0) resources.destroyed(kKind, address_of(lock));
  return result;
}

int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
  ThreadRecord* self = current();
  if (self == nullptr) [[unlikely]] return real::pthread_spin_lock(lock);
  const Site site = call_site();
  Hold* entry = begin(self, address_of(lock), kKind, 0, site);
  meet(kKind, address_of(lock), site.return_address);
  if (real::pthread_spin_trylock(lock) != 0) [[unlikely]] return lock_taken(self, entry, lock);
  acquired(entry);
  return 0;
}

int pthread_spin_trylock(pthread_spinlock_t* lock) noexcept {
  const int result = real::pthread_spin_trylock(lock);
  ThreadRecord* self = result == 0 ? current() : nullptr;
  if (self != nullptr) {
    const Site site = call_site();
    acquired(begin(self, address_of(lock), kKind, 0, site));
    meet(kKind, address_of(lock), site.return_address);
  }
  return result;
}

int pthread_spin_unlock(pthread_spinlock_t* lock) noexcept {
  ThreadRecord* self = current();
  if (self != nullptr && !release(self, address_of(lock), kKind)) released_without_holding(kKind, address_of(lock));
  return real::pthread_spin_unlock(lock);
}

}  // extern "C"
#pragma GCC visibility pop
