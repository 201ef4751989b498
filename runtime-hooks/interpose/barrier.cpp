// pthread barriers: init, destroy, wait. A barrier has no owner: a waiter is released by whoever arrives
// last.
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {
constexpr auto kKind = ResourceKind::kBarrier;
}
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int pthread_barrier_init(pthread_barrier_t* barrier, const pthread_barrierattr_t* attributes,
                         unsigned count) noexcept {
  const int result = real::pthread_barrier_init(barrier, attributes, count);
  if (result == 0 && current() != nullptr) {
    int shared = PTHREAD_PROCESS_PRIVATE;
    if (attributes != nullptr) pthread_barrierattr_getpshared(attributes, &shared);
    resources.initialised(kKind, address_of(barrier), call_site().return_address, static_cast<int32_t>(count),
                          shared == PTHREAD_PROCESS_SHARED);
  }
  return result;
}

int pthread_barrier_destroy(pthread_barrier_t* barrier) noexcept {
  const int result = real::pthread_barrier_destroy(barrier);
  if (result == 0) resources.destroyed(kKind, address_of(barrier));
  return result;
}

int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
  ThreadRecord* self = current();
  if (self == nullptr) return real::pthread_barrier_wait(barrier);
  const Site site = call_site();
  Hold* entry = begin(self, address_of(barrier), kKind, 0, site);
  meet(kKind, address_of(barrier), site.return_address);
  if constexpr (kTracing) {
    trace_notifies(kKind, address_of(barrier), site.return_address, 0);
    trace_attempt(kKind, address_of(barrier), 0, site.return_address);
  }
  Registers registers;
  capture(registers);
  about_to_wait(self, registers);
  const int result = real::pthread_barrier_wait(barrier);
  if constexpr (kTracing) trace_woke(entry, 0);
  undo(self, entry);
  return result;
}

}  // extern "C"
#pragma GCC visibility pop
