// pthread_once: the thread that runs the routine owns the control until it returns; the others wait for it.
#include "runtime-hooks/interpose/once_call.h"

namespace gordian::hooks {
constinit thread_local OnceCall* innermost_once __attribute__((tls_model("initial-exec"))) = nullptr;
}

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" int pthread_once(pthread_once_t* control, void (*routine)()) {
  if (once_is_done(control)) {
    note_done_once(control, call_site());
    return real::pthread_once(control, routine);
  }
  return call_once_watched(control, routine, call_site(),
                           [=] { return real::pthread_once(control, run_once_routine); });
}
#pragma GCC visibility pop
