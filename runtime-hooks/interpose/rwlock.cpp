// pthread read-write locks, in the order of the manual. Each acquisition is tried first: the try costs what the lock costs, and a thread that fails it
// is going to block.
#include <errno.h>

#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {

constexpr auto kKind = ResourceKind::kRwlock;
constexpr uint64_t kRead = record::kSharedBit;
constexpr uint64_t kWrite = 0;

// The writer itself is refused with EDEADLK (glibc, bits/struct_rwlock.h: __cur_writer).
bool is_own_writer(const pthread_rwlock_t* rwlock, const ThreadRecord* self) {
  return static_cast<uint32_t>(__atomic_load_n(&rwlock->__data.__cur_writer, __ATOMIC_RELAXED)) == self->tid;
}

template <typename RealCall>
[[gnu::noinline]] int lock_taken(ThreadRecord* self, const pthread_rwlock_t* rwlock, Hold* entry, RealCall real_call) {
  Registers registers;
  capture(registers);
  if (!is_own_writer(rwlock, self)) about_to_wait(self, registers);
  const int result = real_call();
  if (result == 0) acquired(entry);
  else undo(self, entry);
  return result;
}

template <typename TryCall, typename RealCall>
[[gnu::always_inline]] inline int lock(pthread_rwlock_t* rwlock, uint64_t bits, const Site& site, TryCall try_call, RealCall real_call) {
  ThreadRecord* self = current();
  if (self == nullptr) [[unlikely]] return real_call();
  Hold* entry = begin(self, address_of(rwlock), kKind, bits, site);
  meet(kKind, address_of(rwlock), site.return_address);
  if (try_call() != 0) [[unlikely]] return lock_taken(self, rwlock, entry, real_call);
  acquired(entry);
  return 0;
}

// Not tried first: the real call also judges its time argument, whether or not the lock is free.
template <typename RealCall>
[[gnu::always_inline]] inline int lock_for_a_time(pthread_rwlock_t* rwlock, uint64_t bits, const Site& site, RealCall real_call) {
  ThreadRecord* self = current();
  if (self == nullptr) [[unlikely]] return real_call();
  Hold* entry = begin(self, address_of(rwlock), kKind, bits | record::kTimedBit, site);
  meet(kKind, address_of(rwlock), site.return_address);
  return lock_taken(self, rwlock, entry, real_call);
}

int take_if_free(pthread_rwlock_t* rwlock, uint64_t bits, const Site& site, int result) {
  ThreadRecord* self = result == 0 ? current() : nullptr;
  if (self != nullptr) {
    acquired(begin(self, address_of(rwlock), kKind, bits, site));
    meet(kKind, address_of(rwlock), site.return_address);
  }
  return result;
}

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int pthread_rwlock_init(pthread_rwlock_t* rwlock, const pthread_rwlockattr_t* attributes) noexcept {
  const int result = real::pthread_rwlock_init(rwlock, attributes);
  if (result == 0 && current() != nullptr)
    resources.initialised(kKind, address_of(rwlock), call_site().return_address, -1, rwlock->__data.__shared != 0);
  return result;
}

int pthread_rwlock_destroy(pthread_rwlock_t* rwlock) noexcept {
  const int result = real::pthread_rwlock_destroy(rwlock);
  if (result == 0) resources.destroyed(kKind, address_of(rwlock));
  return result;
}

int pthread_rwlock_rdlock(pthread_rwlock_t* rwlock) noexcept {
  return lock(rwlock, kRead, call_site(), [=] { return real::pthread_rwlock_tryrdlock(rwlock); },
              [=] { return real::pthread_rwlock_rdlock(rwlock); });
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t* rwlock) noexcept {
  return take_if_free(rwlock, kRead, call_site(), real::pthread_rwlock_tryrdlock(rwlock));
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t* rwlock, const timespec* until) noexcept {
  return lock_for_a_time(rwlock, kRead, call_site(), [=] { return real::pthread_rwlock_timedrdlock(rwlock, until); });
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t* rwlock, clockid_t clock, const timespec* until) noexcept {
  return lock_for_a_time(rwlock, kRead, call_site(), [=] { return real::pthread_rwlock_clockrdlock(rwlock, clock, until); });
}

int pthread_rwlock_wrlock(pthread_rwlock_t* rwlock) noexcept {
  return lock(rwlock, kWrite, call_site(), [=] { return real::pthread_rwlock_trywrlock(rwlock); },
              [=] { return real::pthread_rwlock_wrlock(rwlock); });
}

int pthread_rwlock_trywrlock(pthread_rwlock_t* rwlock) noexcept {
  return take_if_free(rwlock, kWrite, call_site(), real::pthread_rwlock_trywrlock(rwlock));
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t* rwlock, const timespec* until) noexcept {
  return lock_for_a_time(rwlock, kWrite, call_site(), [=] { return real::pthread_rwlock_timedwrlock(rwlock, until); });
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t* rwlock, clockid_t clock, const timespec* until) noexcept {
  return lock_for_a_time(rwlock, kWrite, call_site(), [=] { return real::pthread_rwlock_clockwrlock(rwlock, clock, until); });
}

int pthread_rwlock_unlock(pthread_rwlock_t* rwlock) noexcept {
  ThreadRecord* self = current();
  if (self != nullptr && !release(self, address_of(rwlock), kKind)) {
    runtime.count(Unseen::kUnmatchedRelease);
    // Somebody else's hold is given back: what the records say of this lock's holders can no longer be trusted.
    if (auto* resource = resources.find(kKind, address_of(rwlock)))
      __atomic_fetch_or(&resource->flags, gordian::record::kResourceReleasedByOther, __ATOMIC_RELAXED);
  }
  return real::pthread_rwlock_unlock(rwlock);
}

}  // extern "C"
#pragma GCC visibility pop
