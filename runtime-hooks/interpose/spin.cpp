// pthread spin locks: init, destroy, lock, trylock, unlock. Tried first, as the read-write locks are.
#include "runtime-hooks/misuse.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {

constexpr auto kSpinKind = ResourceKind::kSpin;

[[gnu::noinline]] int lock_taken(ThreadRecord* self, Hold* entry, pthread_spinlock_t* lock) {
  Registers registers;
  capture(registers);
  about_to_wait(self, registers);
  const int result = real::pthread_spin_lock(lock);
  if (result == 0)
    acquired(entry);
  else
    undo(self, entry);
  return result;
}

[[gnu::noinline]] int lock_own_taken(Hold* entry, pthread_spinlock_t* lock) {
  return lock_taken(local.record, entry, lock);
}

[[gnu::noinline]] int lock_slowly(pthread_spinlock_t* lock, uint64_t return_address, uint64_t stack_pointer,
                                  uint64_t frame_pointer) {
  ThreadRecord* self = current();
  if (self == nullptr) return real::pthread_spin_lock(lock);
  const Site site{return_address, stack_pointer, frame_pointer};
  note_lock_attempt(self, address_of(lock), kSpinKind, 0, site);
  Hold* entry = begin(self, address_of(lock), kSpinKind, 0, site);
  if (real::pthread_spin_trylock(lock) != 0) return lock_taken(self, entry, lock);
  acquired(entry);
  return 0;
}

[[gnu::noinline]] int unlock_slowly(pthread_spinlock_t* lock, uint64_t site) {
  ThreadRecord* self = current();
  if (self != nullptr && !release(self, address_of(lock), kSpinKind, site)) {
    check_release(self, kSpinKind, address_of(lock), call_site());
    if constexpr (kFollowing) trace_released_without_holding(kSpinKind, address_of(lock), site);
    released_without_holding(kSpinKind, address_of(lock));
  }
  return real::pthread_spin_unlock(lock);
}

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int pthread_spin_init(pthread_spinlock_t* lock, int process_shared) noexcept {
  check_init(kSpinKind, address_of(lock), call_site());
  const int result = real::pthread_spin_init(lock, process_shared);
  if (result == 0 && current() != nullptr)
    resources.initialised(kSpinKind, address_of(lock), call_site().return_address, -1,
                          process_shared == PTHREAD_PROCESS_SHARED);
  return result;
}

int pthread_spin_destroy(pthread_spinlock_t* lock) noexcept {
  check_destroy(kSpinKind, address_of(lock), call_site());
  const int result = real::pthread_spin_destroy(lock);
  if (result == 0) resources.destroyed(kSpinKind, address_of(lock));
  return result;
}

int pthread_spin_lock(pthread_spinlock_t* lock) noexcept {
  ThreadRecord* self = local.record;
  const Site site = call_site();
  if (self == nullptr || !is_routine(self, kSpinKind, address_of(lock), 0, site) || !is_plain(self, site))
      [[unlikely]]
    return lock_slowly(lock, site.return_address, site.stack_pointer, site.frame_pointer);
  Hold* entry = begin_in_page(self, address_of(lock), kSpinKind, 0, site);
  if (real::pthread_spin_trylock(lock) != 0) [[unlikely]]
    return lock_own_taken(entry, lock);
  acquired(entry);
  return 0;
}

int pthread_spin_trylock(pthread_spinlock_t* lock) noexcept {
  const int result = real::pthread_spin_trylock(lock);
  if constexpr (kFollowing) {
    if (result != 0) trace_try_failed(kSpinKind, address_of(lock), 0, traced_site());
  }
  ThreadRecord* self = result == 0 ? current() : nullptr;
  if (self != nullptr) {
    const Site site = call_site();
    acquired(begin(self, address_of(lock), kSpinKind, 0, site), gordian::record::kTraceTry);
    meet(kSpinKind, address_of(lock), site.return_address);
  }
  return result;
}

int pthread_spin_unlock(pthread_spinlock_t* lock) noexcept {
  ThreadRecord* self = local.record;
  if (self == nullptr || !release_top(self, address_of(lock), kSpinKind)) [[unlikely]]
    return unlock_slowly(lock, traced_site());
  return real::pthread_spin_unlock(lock);
}

}  // extern "C"
#pragma GCC visibility pop
