// pthread read-write locks, in the order of the manual. Each acquisition is tried first: the try costs what
// the lock costs, and a thread that fails it is going to block.
#include <errno.h>

#include "runtime-hooks/misuse.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {

constexpr auto kRwlockKind = ResourceKind::kRwlock;

struct Read {
  static constexpr uint64_t kBits = record::kSharedBit;
  static int try_lock(pthread_rwlock_t* rwlock) { return real::pthread_rwlock_tryrdlock(rwlock); }
  static int lock(pthread_rwlock_t* rwlock) { return real::pthread_rwlock_rdlock(rwlock); }
};

struct Write {
  static constexpr uint64_t kBits = 0;
  static int try_lock(pthread_rwlock_t* rwlock) { return real::pthread_rwlock_trywrlock(rwlock); }
  static int lock(pthread_rwlock_t* rwlock) { return real::pthread_rwlock_wrlock(rwlock); }
};

// The writer itself is refused with EDEADLK (glibc, bits/struct_rwlock.h: __cur_writer).
bool is_own_writer(const pthread_rwlock_t* rwlock, const ThreadRecord* self) {
  return static_cast<uint32_t>(__atomic_load_n(&rwlock->__data.__cur_writer, __ATOMIC_RELAXED)) == self->tid;
}

// Whether a queued writer keeps readers out (glibc, bits/struct_rwlock.h: __flags is the kind).
void note_preference(record::ResourceRecord* resource, const pthread_rwlock_t* rwlock) {
  if (resource != nullptr && rwlock->__data.__flags == PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP &&
      (resource->flags & record::kResourcePrefersWriters) == 0)
    __atomic_fetch_or(&resource->flags, record::kResourcePrefersWriters, __ATOMIC_RELAXED);
}

template <typename RealCall>
[[gnu::noinline]] int lock_taken(ThreadRecord* self, const pthread_rwlock_t* rwlock, Hold* entry,
                                 RealCall real_call) {
  Registers registers;
  capture(registers);
  if (!is_own_writer(rwlock, self)) about_to_wait(self, registers);
  const int result = real_call();
  if (result == 0)
    acquired(entry);
  else
    undo(self, entry);
  return result;
}

template <typename Side>
[[gnu::noinline]] int lock_own_taken(Hold* entry, pthread_rwlock_t* rwlock) {
  return lock_taken(local.record, rwlock, entry, [=] { return Side::lock(rwlock); });
}

template <typename Side>
[[gnu::noinline]] int lock_slowly(pthread_rwlock_t* rwlock, uint64_t return_address, uint64_t stack_pointer,
                                  uint64_t frame_pointer) {
  ThreadRecord* self = current();
  if (self == nullptr) return Side::lock(rwlock);
  const Site site{return_address, stack_pointer, frame_pointer};
  note_preference(note_lock_attempt(self, address_of(rwlock), kRwlockKind, Side::kBits, site), rwlock);
  Hold* entry = begin(self, address_of(rwlock), kRwlockKind, Side::kBits, site);
  if (Side::try_lock(rwlock) != 0) return lock_taken(self, rwlock, entry, [=] { return Side::lock(rwlock); });
  acquired(entry);
  return 0;
}

// What is rare is left to the slow one before anything is written, as for mutexes.
template <typename Side>
[[gnu::always_inline]] inline int lock(pthread_rwlock_t* rwlock, const Site& site) {
  ThreadRecord* self = local.record;
  if (self == nullptr || !is_routine(self, kRwlockKind, address_of(rwlock), Side::kBits, site) ||
      !is_plain(self, site)) [[unlikely]]
    return lock_slowly<Side>(rwlock, site.return_address, site.stack_pointer, site.frame_pointer);
  Hold* entry = begin_in_page(self, address_of(rwlock), kRwlockKind, Side::kBits, site);
  if (Side::try_lock(rwlock) != 0) [[unlikely]]
    return lock_own_taken<Side>(entry, rwlock);
  acquired(entry);
  return 0;
}

// Not tried first: the real call also judges its time argument, whether or not the lock is free.
template <typename RealCall>
[[gnu::always_inline]] inline int lock_for_a_time(pthread_rwlock_t* rwlock, uint64_t bits, const Site& site,
                                                  RealCall real_call) {
  ThreadRecord* self = current();
  if (self == nullptr) [[unlikely]]
    return real_call();
  note_preference(note_lock_attempt(self, address_of(rwlock), kRwlockKind, bits | record::kTimedBit, site),
                  rwlock);
  Hold* entry = begin(self, address_of(rwlock), kRwlockKind, bits | record::kTimedBit, site);
  return lock_taken(self, rwlock, entry, real_call);
}

int take_if_free(pthread_rwlock_t* rwlock, uint64_t bits, const Site& site, int result) {
  if constexpr (kFollowing) {
    if (result != 0) trace_try_failed(kRwlockKind, address_of(rwlock), bits, site.return_address);
  }
  ThreadRecord* self = result == 0 ? current() : nullptr;
  if (self != nullptr) {
    acquired(begin(self, address_of(rwlock), kRwlockKind, bits, site), record::kTraceTry);
    meet(kRwlockKind, address_of(rwlock), site.return_address);
  }
  return result;
}

[[gnu::noinline]] int unlock_slowly(pthread_rwlock_t* rwlock, uint64_t site) {
  ThreadRecord* self = current();
  if (self != nullptr && !release(self, address_of(rwlock), kRwlockKind, site)) {
    check_release(self, kRwlockKind, address_of(rwlock), call_site());
    if constexpr (kFollowing) trace_released_without_holding(kRwlockKind, address_of(rwlock), site);
    released_without_holding(kRwlockKind, address_of(rwlock));
  }
  return real::pthread_rwlock_unlock(rwlock);
}

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int pthread_rwlock_init(pthread_rwlock_t* rwlock, const pthread_rwlockattr_t* attributes) noexcept {
  check_init(kRwlockKind, address_of(rwlock), call_site());
  const int result = real::pthread_rwlock_init(rwlock, attributes);
  if (result == 0 && current() != nullptr)
    resources.initialised(kRwlockKind, address_of(rwlock), call_site().return_address, -1,
                          rwlock->__data.__shared != 0);
  return result;
}

int pthread_rwlock_destroy(pthread_rwlock_t* rwlock) noexcept {
  check_destroy(kRwlockKind, address_of(rwlock), call_site());
  const int result = real::pthread_rwlock_destroy(rwlock);
  if (result == 0) resources.destroyed(kRwlockKind, address_of(rwlock));
  return result;
}

int pthread_rwlock_rdlock(pthread_rwlock_t* rwlock) noexcept {
  return lock<Read>(rwlock, call_site());
}

int pthread_rwlock_tryrdlock(pthread_rwlock_t* rwlock) noexcept {
  return take_if_free(rwlock, Read::kBits, call_site(), real::pthread_rwlock_tryrdlock(rwlock));
}

int pthread_rwlock_timedrdlock(pthread_rwlock_t* rwlock, const timespec* until) noexcept {
  return lock_for_a_time(rwlock, Read::kBits, call_site(),
                         [=] { return real::pthread_rwlock_timedrdlock(rwlock, until); });
}

int pthread_rwlock_clockrdlock(pthread_rwlock_t* rwlock, clockid_t clock, const timespec* until) noexcept {
  return lock_for_a_time(rwlock, Read::kBits, call_site(),
                         [=] { return real::pthread_rwlock_clockrdlock(rwlock, clock, until); });
}

int pthread_rwlock_wrlock(pthread_rwlock_t* rwlock) noexcept {
  return lock<Write>(rwlock, call_site());
}

int pthread_rwlock_trywrlock(pthread_rwlock_t* rwlock) noexcept {
  return take_if_free(rwlock, Write::kBits, call_site(), real::pthread_rwlock_trywrlock(rwlock));
}

int pthread_rwlock_timedwrlock(pthread_rwlock_t* rwlock, const timespec* until) noexcept {
  return lock_for_a_time(rwlock, Write::kBits, call_site(),
                         [=] { return real::pthread_rwlock_timedwrlock(rwlock, until); });
}

int pthread_rwlock_clockwrlock(pthread_rwlock_t* rwlock, clockid_t clock, const timespec* until) noexcept {
  return lock_for_a_time(rwlock, Write::kBits, call_site(),
                         [=] { return real::pthread_rwlock_clockwrlock(rwlock, clock, until); });
}

int pthread_rwlock_unlock(pthread_rwlock_t* rwlock) noexcept {
  ThreadRecord* self = local.record;
  if (self == nullptr || !release_top(self, address_of(rwlock), kRwlockKind)) [[unlikely]]
    return unlock_slowly(rwlock, traced_site());
  return real::pthread_rwlock_unlock(rwlock);
}

}  // extern "C"
#pragma GCC visibility pop
