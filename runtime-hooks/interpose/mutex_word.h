// What a mutex says of itself before it is asked for, read off glibc's own fields (bits/struct_mutex.h).
// C11's mtx_t is the same inside.
//
// For one thing only: the price of looking for a cycle is paid by a thread that is likely to block. A wrong
// guess costs nothing but that: the judge thread looks again.
#pragma once

#include <pthread.h>

#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

constexpr int kMutexTypeBits = 3;  // of __kind

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

}  // namespace gordian::hooks
