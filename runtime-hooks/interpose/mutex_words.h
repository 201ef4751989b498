// What glibc keeps in a mutex (bits/struct_mutex.h), as far as a hook has to know it.
#pragma once

#include <pthread.h>

#include <cstdint>

namespace gordian::hooks {

// A recursive or error-checking mutex that the calling thread owns: the call returns at once, with success or with EDEADLK.
inline bool is_own_and_returns(const pthread_mutex_t* mutex, uint32_t tid) {
  const int type = __atomic_load_n(&mutex->__data.__kind, __ATOMIC_RELAXED) & 3;
  return (type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK) &&
         static_cast<uint32_t>(__atomic_load_n(&mutex->__data.__owner, __ATOMIC_RELAXED)) == tid;
}

}  // namespace gordian::hooks
