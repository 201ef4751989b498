// Calls that are cancellation points: when the thread is cancelled inside one, its record is put right before
// the program's own cleanup handlers run.
//
// The handler is registered the way C code does it (a jump buffer known to glibc), not by an exception
// personality: ours would belong to another copy of the unwinder than the one that glibc loads.
#pragma once

#include <pthread.h>

namespace gordian::hooks {

// Calls `real_call()`; when it is cancelled, `clean_up(context)` first.
template <typename RealCall, typename Context>
[[gnu::noinline]] int call_cancellable(RealCall real_call, void (*clean_up)(Context*), Context* context) {
  int result;
  pthread_cleanup_push(reinterpret_cast<void (*)(void*)>(clean_up), context);
  result = real_call();
  pthread_cleanup_pop(0);
  return result;
}

}  // namespace gordian::hooks
