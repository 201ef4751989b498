// What a mutex says of itself before it is asked for, read off glibc's own fields (bits/struct_mutex.h).
// C11's mtx_t is the same inside.
//
// For one thing only: the price of looking for a cycle is paid by a thread that is likely to block. A wrong
// guess costs nothing but that: the judge thread looks again.
#pragma once

#include <pthread.h>

#include "runtime-hooks/resources.h"
#include "runtime-hooks/trace.h"

namespace gordian::hooks {

constexpr int kMutexTypeBits = 3;  // of __kind
constexpr int kRefusing =
    0x7f;  // any bit of these: robust, inheriting or protecting priorities, recursive, checking, or adaptive

// A plain mutex lets anybody unlock it; other types may refuse.
inline bool never_refuses(const pthread_mutex_t* mutex) {
  return (mutex->__data.__kind & kRefusing) == 0;
}

inline bool seems_free(const pthread_mutex_t* mutex) {
  return __atomic_load_n(&mutex->__data.__lock, __ATOMIC_RELAXED) == 0;
}

// Whether `self` is likely to block: somebody has the mutex, and it is not one that answers its owner at once
// (recursive, error-checking).
inline bool likely_to_block(const pthread_mutex_t* mutex, const ThreadRecord* self) {
  if (seems_free(mutex)) [[likely]]
    return false;
  const int type = __atomic_load_n(&mutex->__data.__kind, __ATOMIC_RELAXED) & kMutexTypeBits;
  const bool answers_owner = type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK;
  return !answers_owner ||
         __atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED) != static_cast<int>(self->tid);
}

// Of a thread that is not known to have the mutex: where that is refused, nothing has happened.
template <typename RealCall>
int unlock_unheld(pthread_mutex_t* mutex, [[maybe_unused]] uint64_t site, RealCall real_call) {
  const auto address = reinterpret_cast<uint64_t>(mutex);
  released_without_holding(ResourceKind::kMutex, address);
  if constexpr (kFollowing) {
    const bool is_certain = never_refuses(mutex);
    if (is_certain) trace_released_without_holding(ResourceKind::kMutex, address, site);
    const int result = real_call();
    if (!is_certain && result == 0) trace_released_without_holding(ResourceKind::kMutex, address, site);
    return result;
  }
  return real_call();
}

}  // namespace gordian::hooks
