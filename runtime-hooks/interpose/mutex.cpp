// pthread mutexes, in the order of the manual: init, destroy, lock, trylock, timedlock, clocklock, unlock,
// consistent.
#include <errno.h>

#include "runtime-hooks/interpose/mutex_word.h"
#include "runtime-hooks/misuse.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {

constexpr auto kMutexKind = ResourceKind::kMutex;
constexpr int kProcessShared = 128;  // in __kind

// A robust mutex whose owner died is acquired with EOWNERDEAD.
int settle(ThreadRecord* self, Hold* entry, int result) {
  if (result == 0 || result == EOWNERDEAD)
    acquired(entry);
  else
    undo(self, entry);
  return result;
}

[[gnu::noinline]] int settle_own(Hold* entry, int result) {
  return settle(local.record, entry, result);
}

// The real call is made from here, so that the captured frame stays on the stack while the thread blocks.
template <typename RealCall>
[[gnu::noinline]] int lock_taken(ThreadRecord* self, Hold* entry, RealCall real_call) {
  Registers registers;
  capture(registers);
  about_to_wait(self, registers);
  return settle(self, entry, real_call());
}

template <typename RealCall>
[[gnu::noinline]] int lock_slowly(pthread_mutex_t* mutex, uint64_t bits, uint64_t return_address,
                                  uint64_t stack_pointer, uint64_t frame_pointer, RealCall real_call) {
  const Site site{return_address, stack_pointer, frame_pointer};
  ThreadRecord* self = current();
  if (self == nullptr) return real_call();
  note_lock_attempt(self, address_of(mutex), kMutexKind, bits, site);
  Hold* entry = begin(self, address_of(mutex), kMutexKind, bits, site);
  if (likely_to_block(mutex, self)) return lock_taken(self, entry, real_call);
  return settle(self, entry, real_call());
}

// What is rare is left to `lock_slowly` before anything is written, so that the common case needs neither
// registers nor stack of its own.
template <typename RealCall>
[[gnu::always_inline]] inline int lock(pthread_mutex_t* mutex, uint64_t bits, const Site& site,
                                       RealCall real_call) {
  ThreadRecord* self = local.record;
  if (self == nullptr || !is_routine(self, kMutexKind, address_of(mutex), bits, site) ||
      !is_plain(self, site) || !seems_free(mutex)) [[unlikely]]
    return lock_slowly(mutex, bits, site.return_address, site.stack_pointer, site.frame_pointer, real_call);
  Hold* entry = begin_in_page(self, address_of(mutex), kMutexKind, bits, site);
  const int result = real_call();
  if (result != 0) [[unlikely]]
    return settle_own(entry, result);
  acquired(entry);
  return 0;
}

[[gnu::noinline]] int unlock_slowly(pthread_mutex_t* mutex, uint64_t site) {
  ThreadRecord* self = current();
  if (self == nullptr) return real::pthread_mutex_unlock(mutex);
  if (release(self, address_of(mutex), kMutexKind, site)) {
    const int result = real::pthread_mutex_unlock(mutex);
    if (result != 0)
      acquired(begin(self, address_of(mutex), kMutexKind, 0, call_site()),
               record::kTraceTry);  // refused: it is still ours
    return result;
  }
  check_release(self, kMutexKind, address_of(mutex), call_site());
  return unlock_unheld(mutex, site, [=] { return real::pthread_mutex_unlock(mutex); });
}

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) noexcept {
  check_init(kMutexKind, address_of(mutex), call_site());
  const int result = real::pthread_mutex_init(mutex, attributes);
  if (result == 0 && current() != nullptr)
    resources.initialised(kMutexKind, address_of(mutex), call_site().return_address, -1,
                          (mutex->__data.__kind & kProcessShared) != 0);
  return result;
}

int pthread_mutex_destroy(pthread_mutex_t* mutex) noexcept {
  check_destroy(kMutexKind, address_of(mutex), call_site());
  const int result = real::pthread_mutex_destroy(mutex);
  if (result == 0) resources.destroyed(kMutexKind, address_of(mutex));
  return result;
}

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  return lock(mutex, 0, call_site(), [=] { return real::pthread_mutex_lock(mutex); });
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  const int result = real::pthread_mutex_trylock(mutex);
  if (result != 0 && result != EOWNERDEAD) {
    if constexpr (kFollowing) trace_try_failed(kMutexKind, address_of(mutex), 0, traced_site());
    return result;
  }
  if (ThreadRecord* self = current()) {
    const Site site = call_site();
    acquired(begin(self, address_of(mutex), kMutexKind, 0, site), gordian::record::kTraceTry);
    meet(kMutexKind, address_of(mutex), site.return_address);
  }
  return result;
}

int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* until) noexcept {
  return lock(mutex, gordian::record::kTimedBit, call_site(),
              [=] { return real::pthread_mutex_timedlock(mutex, until); });
}

int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* until) noexcept {
  return lock(mutex, gordian::record::kTimedBit, call_site(),
              [=] { return real::pthread_mutex_clocklock(mutex, clock, until); });
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  ThreadRecord* self = local.record;
  if (self == nullptr || !never_refuses(mutex) || !release_top(self, address_of(mutex), kMutexKind))
      [[unlikely]]
    return unlock_slowly(mutex, traced_site());
  return real::pthread_mutex_unlock(mutex);
}

int pthread_mutex_consistent(pthread_mutex_t* mutex) noexcept {
  return real::pthread_mutex_consistent(mutex);
}

}  // extern "C"
#pragma GCC visibility pop
