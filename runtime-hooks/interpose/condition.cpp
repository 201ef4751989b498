// pthread condition variables, in the order of the manual: init, destroy, wait, timedwait, clockwait, signal,
// broadcast.
//
// A wait is release, wait, re-acquire, all inside glibc. The record says so: the mutex is taken off the
// thread's holds before the call and put back after it. While the wait lasts, the judge asks the kernel
// whether the thread is still on the condition or already on the mutex.
#include "runtime-hooks/interpose/condition_wait.h"

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) noexcept {
  check_init(ResourceKind::kCondition, address_of(condition), call_site());
  const int result = real::pthread_cond_init(condition, attributes);
  if (result == 0 && current() != nullptr) {
    int shared = PTHREAD_PROCESS_PRIVATE;
    if (attributes != nullptr) pthread_condattr_getpshared(attributes, &shared);
    resources.initialised(ResourceKind::kCondition, address_of(condition), call_site().return_address, -1,
                          shared == PTHREAD_PROCESS_SHARED);
  }
  return result;
}

int pthread_cond_destroy(pthread_cond_t* condition) noexcept {
  check_destroy(ResourceKind::kCondition, address_of(condition), call_site());
  resources.destroyed(ResourceKind::kCondition, address_of(condition));
  return real::pthread_cond_destroy(condition);
}

int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  return wait_on_condition(address_of(condition), address_of(mutex), 0, call_site(), 0,
                           [=] { return real::pthread_cond_wait(condition, mutex); });
}

int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex, const timespec* until) {
  return wait_on_condition(address_of(condition), address_of(mutex), gordian::record::kTimedBit, call_site(),
                           0, [=] { return real::pthread_cond_timedwait(condition, mutex, until); });
}

int pthread_cond_clockwait(pthread_cond_t* condition, pthread_mutex_t* mutex, clockid_t clock,
                           const timespec* until) {
  return wait_on_condition(address_of(condition), address_of(mutex), gordian::record::kTimedBit, call_site(),
                           0, [=] { return real::pthread_cond_clockwait(condition, mutex, clock, until); });
}

int pthread_cond_signal(pthread_cond_t* condition) noexcept {
  note_signal(address_of(condition), call_site());
  return real::pthread_cond_signal(condition);
}

int pthread_cond_broadcast(pthread_cond_t* condition) noexcept {
  note_signal(address_of(condition), call_site(), gordian::record::kTraceAll);
  return real::pthread_cond_broadcast(condition);
}

}  // extern "C"
#pragma GCC visibility pop
