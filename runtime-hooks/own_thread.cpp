#include "runtime-hooks/own_thread.h"

#include <errno.h>
#include <sched.h>

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/real.h"

namespace gordian::hooks {

int start_own_thread(pthread_t& thread, void* (*routine)(void*)) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 256 * 1024);
  const sched_param no_priority{};
  pthread_attr_setinheritsched(&attributes, PTHREAD_EXPLICIT_SCHED);
  pthread_attr_setschedpolicy(&attributes, SCHED_OTHER);
  pthread_attr_setschedparam(&attributes, &no_priority);
  const uint64_t signals = kernel::block_signals();
  int error = real::pthread_create(&thread, &attributes, routine, nullptr);
  if (error == EPERM) {  // from SCHED_IDLE there is no way up
    pthread_attr_setinheritsched(&attributes, PTHREAD_INHERIT_SCHED);
    error = real::pthread_create(&thread, &attributes, routine, nullptr);
  }
  kernel::restore_signals(signals);
  pthread_attr_destroy(&attributes);
  return error;
}

}  // namespace gordian::hooks
