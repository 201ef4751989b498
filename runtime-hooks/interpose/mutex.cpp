// pthread mutexes, in the order of the manual: init, destroy, lock, trylock, timedlock, clocklock, unlock, consistent.
#include <errno.h>

#include "runtime-hooks/interpose/mutex_word.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {

constexpr auto kKind = ResourceKind::kMutex;
constexpr int kProcessShared = 128;  // in __kind

// A robust mutex whose owner died is acquired with EOWNERDEAD.
int settle(ThreadRecord* self, Hold* entry, int result) {
  if (result == 0 || result == EOWNERDEAD) acquired(entry);
  else undo(self, entry);
  return result;
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
[[gnu::always_inline]] inline int lock(pthread_mutex_t* mutex, uint64_t bits, const Site& site, RealCall real_call) {
  ThreadRecord* self = current();
  if (self == nullptr) [[unlikely]] return real_call();
  Hold* entry = begin(self, address_of(mutex), kKind, bits, site);
  meet(kKind, address_of(mutex), site.return_address);
  if (likely_to_block(mutex, self)) [[unlikely]] return lock_taken(self, entry, real_call);
  const int result = real_call();
  if (result == 0) [[likely]] {
    acquired(entry);
    return 0;
  }
  return settle(self, entry, result);
}

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) noexcept {
  const int result = real::pthread_mutex_init(mutex, attributes);
  if (result == 0 && current() != nullptr)
    resources.initialised(kKind, address_of(mutex), call_site().return_address, -1, (mutex->__data.__kind & kProcessShared) != 0);
  return result;
}

int pthread_mutex_destroy(pthread_mutex_t* mutex) noexcept {
  const int result = real::pthread_mutex_destroy(mutex);
  if (result == 0) resources.destroyed(kKind, address_of(mutex));
  return result;
}

int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
  return lock(mutex, 0, call_site(), [=] { return real::pthread_mutex_lock(mutex); });
}

int pthread_mutex_trylock(pthread_mutex_t* mutex) noexcept {
  const int result = real::pthread_mutex_trylock(mutex);
  if (result != 0 && result != EOWNERDEAD) return result;
  if (ThreadRecord* self = current()) {
    const Site site = call_site();
    acquired(begin(self, address_of(mutex), kKind, 0, site));
    meet(kKind, address_of(mutex), site.return_address);
  }
  return result;
}

int pthread_mutex_timedlock(pthread_mutex_t* mutex, const timespec* until) noexcept {
  return lock(mutex, gordian::record::kTimedBit, call_site(), [=] { return real::pthread_mutex_timedlock(mutex, until); });
}

int pthread_mutex_clocklock(pthread_mutex_t* mutex, clockid_t clock, const timespec* until) noexcept {
  return lock(mutex, gordian::record::kTimedBit, call_site(), [=] { return real::pthread_mutex_clocklock(mutex, clock, until); });
}

int pthread_mutex_unlock(pthread_mutex_t* mutex) noexcept {
  ThreadRecord* self = current();
  if (self == nullptr) [[unlikely]] return real::pthread_mutex_unlock(mutex);
  if (release(self, address_of(mutex), kKind)) [[likely]] {
    const int result = real::pthread_mutex_unlock(mutex);
    if (result != 0) [[unlikely]] acquired(begin(self, address_of(mutex), kKind, 0, call_site()));  // refused: it is still ours
    return result;
  }
  runtime.count(Unseen::kUnmatchedRelease);
  return real::pthread_mutex_unlock(mutex);
}

int pthread_mutex_consistent(pthread_mutex_t* mutex) noexcept { return real::pthread_mutex_consistent(mutex); }

}  // extern "C"
#pragma GCC visibility pop
