// The wait on a condition, shared by the pthread and the C11 families.
#pragma once

#include "runtime-hooks/cancellation.h"
#include "runtime-hooks/misuse.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

struct ConditionWait {
  ThreadRecord* self;
  Hold* entry;
  uint64_t mutex;
  Site site;
  bool held;   // the mutex was among the thread's holds
  bool woken;  // and neither out of time nor cancelled
};

// The mutex is held again: on return as on cancellation, timed out or not.
inline void condition_wait_over(ConditionWait* wait) {
  if constexpr (kFollowing) trace_woke(wait->entry, wait->woken ? 0 : record::kTraceTimedOut);
  undo(wait->self, wait->entry);
  if (wait->held)
    acquired(begin(wait->self, wait->mutex, ResourceKind::kMutex, 0, wait->site), record::kTraceInWait);
}

template <typename RealCall>
[[gnu::noinline]] int wait_on_condition(uint64_t condition, uint64_t mutex, uint64_t bits, const Site& site,
                                        int woken, RealCall real_call) {
  ThreadRecord* self = current();
  if (self == nullptr) return real_call();
  auto* resource = meet(ResourceKind::kCondition, condition, site.return_address);
  check_condition_wait(self, condition, mutex, site);
  ConditionWait wait{self, nullptr, mutex, site, false, false};
  wait.held = release(self, mutex, ResourceKind::kMutex, site.return_address, record::kTraceInWait);
  // To take the mutex back is an attempt like any other, among what is held besides.
  if (wait.held) note_attempt(self, mutex, ResourceKind::kMutex, kReacquireBit, site);
  wait.entry = begin(self, condition, ResourceKind::kCondition, bits, site);
  if constexpr (kFollowing) trace_attempt(ResourceKind::kCondition, condition, bits, site.return_address);
  Registers registers;
  capture(registers);
  about_to_wait(self, registers,
                {mutex, resource != nullptr ? __atomic_load_n(&resource->signals, __ATOMIC_RELAXED) : 0});
  const int result = call_cancellable(real_call, condition_wait_over, &wait);
  wait.woken = result == woken;
  condition_wait_over(&wait);
  if (result == woken && resource != nullptr) __atomic_fetch_add(&resource->wakes, 1, __ATOMIC_RELAXED);
  return result;
}

inline void note_signal(uint64_t condition, const Site& site, [[maybe_unused]] uint8_t trace_flags = 0) {
  const ThreadRecord* self = current();
  if (self == nullptr) return;
  if constexpr (kFollowing)
    trace_notifies(ResourceKind::kCondition, condition, site.return_address, trace_flags);
  if (auto* resource = meet(ResourceKind::kCondition, condition, site.return_address))
    resources.signalled(resource, self);
  order_signal(self);
}

}  // namespace gordian::hooks
