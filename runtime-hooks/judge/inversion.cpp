#include "runtime-hooks/judge/inversion.h"

#include "runtime-hooks/judge/kernel_wait.h"
#include "runtime-hooks/judge/publish.h"
#include "runtime-hooks/judge/waiting_stack.h"
#include "runtime-hooks/lock_state.h"
#include "runtime-hooks/misuse_report.h"
#include "runtime-hooks/parties.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

using model::Thread;

namespace {

constexpr auto kInverted = ResourceKind::kMutex;

// Who holds it without being lent the waiter's priority.
Party holder_without_loan(uint64_t mutex) {
  LockState state;
  if (!peek_lock_state(kInverted, mutex, state) || state.lends_priority) return {};
  return holder_of(kInverted, mutex, state);
}

bool is_unchanged(const Thread& waiter) {
  return __atomic_load_n(&runtime.thread(waiter.slot).progress, __ATOMIC_ACQUIRE) == waiter.progress;
}

void check(const Thread& waiter) {
  const uint64_t mutex = waiter.wait.resource.address;
  const Scheduling high = scheduling_of(waiter.tid);
  if (!high.known || high.rank == 0 || is_stuck(waiter)) return;
  Misuse misuse;
  misuse.rule = record::Rule::kPriorityInversion;
  misuse.kind = kInverted;
  misuse.address = mutex;
  misuse.party = holder_without_loan(mutex);
  if (!misuse.party.found()) return;
  const Scheduling low = scheduling_of(misuse.party.thread->tid);
  if (!low.known || low.rank >= high.rank) return;
  // All at one time: the holder still has it and the waiter still waits.
  if (holder_without_loan(mutex).thread != misuse.party.thread || !is_unchanged(waiter)) return;
  misuse.second = record::pack_scheduling(high.policy, high.priority, low.policy, low.priority);
  ThreadRecord& thread = runtime.thread(waiter.slot);
  capture_stack(thread, record::progress_attempts(waiter.progress));
  tell_inversion(thread, misuse, waiter.wait.site);
}

}  // namespace

void tell_inversions(const model::Snapshot& snapshot) {
  for (const Thread& thread : snapshot.threads)
    if (thread.live() && thread.waiting && thread.wait.resource.kind == kInverted) check(thread);
}

}  // namespace gordian::hooks
