// One-time initialisation, shared by pthread_once and C11's call_once.
//
// The real function is given our routine, which runs in the one thread that was chosen: that is how the owner
// is known. A routine may leave by an exception (std::call_once relies on it): frames of ours carry no
// handler, so the entry that stays behind is recognised by its stack pointer, which lies below every live
// frame, and is dropped by the next call here and ignored by the judge.
#pragma once

#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

struct OnceCall {
  void (*routine)();
  Hold* entry;
  OnceCall* outer;
};
extern constinit thread_local OnceCall* innermost_once __attribute__((tls_model("initial-exec")));

// glibc's pthread_once_t: bit 0 while it runs, bit 1 when it is done (sysdeps/nptl/internaltypes.h).
inline bool once_is_done(const int* control) {
  return (__atomic_load_n(control, __ATOMIC_ACQUIRE) & 2) != 0;
}
inline bool once_is_running(const int* control) {
  return (__atomic_load_n(control, __ATOMIC_RELAXED) & 1) != 0;
}

inline void run_once_routine() {
  OnceCall* call = innermost_once;
  acquired(call->entry);
  call->routine();
  // Here, where nobody can have seen yet that it is done.
  if constexpr (kFollowing)
    trace_notifies(ResourceKind::kOnce, record::word_address(call->entry->word), call->entry->site, 0);
}

// Entries of frames that an exception has unwound.
inline void drop_unwound(ThreadRecord* self, ResourceKind kind, const Site& site) {
  for (uint32_t i = record::progress_depth(self->progress); i-- > 0;) {
    const Hold* entry = entry_at(self, i);
    if (entry != nullptr && record::word_kind(entry->word) == kind &&
        entry->stack_pointer < site.stack_pointer && site.stack_pointer - entry->stack_pointer < (8u << 20))
      release_deeper(self, entry->word >> 8);
  }
}

template <typename RealCall>
[[gnu::noinline]] int call_once_watched(int* control, void (*routine)(), const Site& site,
                                        RealCall real_call) {
  ThreadRecord* self = current();
  OnceCall call{routine, nullptr, innermost_once};
  Hold nobody{};
  if (self == nullptr) {
    call.entry = &nobody;
    innermost_once = &call;
    const int result = real_call();
    innermost_once = call.outer;
    return result;
  }
  drop_unwound(self, ResourceKind::kOnce, site);
  const auto* resource = note_lock_attempt(self, address_of(control), ResourceKind::kOnce, 0, site);
  call.entry = begin(self, address_of(control), ResourceKind::kOnce, 0, site);
  innermost_once = &call;
  Registers registers;
  capture(registers);
  if (once_is_running(control)) about_to_wait(self, registers);
  const int result = real_call();
  innermost_once = call.outer;
  // What was done inside comes before all that others do after they asked for it.
  const bool was_run_here = record::word_status(call.entry->word) == HoldStatus::kHeld;
  if constexpr (kFollowing) {
    if (!was_run_here) trace_woke(call.entry, 0);
  }
  undo(self, call.entry);
  if (was_run_here)
    order_release(self, resource, 0);
  else
    order_acquire(self, resource, 0);
  return result;
}

// A thread that finds it done comes after what was done inside; noted the first time.
inline void note_done_once(const int* control, const Site& site) {
  const ThreadRecord* self = kFollowing ? current() : local.record;
  if (self == nullptr || is_met(ResourceKind::kOnce, address_of(control))) return;
  if constexpr (kFollowing) trace_found_done(ResourceKind::kOnce, address_of(control), site.return_address);
  order_acquire(self, meet(ResourceKind::kOnce, address_of(control), site.return_address), 0);
}

}  // namespace gordian::hooks
