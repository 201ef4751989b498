// Fibers: threads of the program's own making, of which a processor thread runs one at a time. To the clocks
// each is a thread of its own; a switch puts them in an order unless the program says that it does not.
//
// What the program does not say (swapcontext alone) looks like one thread that jumps about.
#include "runtime-hooks/kernel.h"
#include "runtime-hooks/race-runtime/spin.h"
#include "runtime-hooks/race-runtime/sync.h"
#include "runtime-hooks/race-runtime/thread.h"

namespace gordian::hooks::races {
namespace {

constexpr unsigned kWithoutOrder = 1;  // tsan_interface.h: __tsan_switch_to_fiber_no_sync

// A fiber that is over: its memory is that of a later one.
struct FreeFibers {
  Spin lock;
  RaceThread* first;  // the next is in `suspended.thread`
};
constinit FreeFibers free_fibers{};

RaceThread* claim_fiber() {
  SpinGuard guard(free_fibers.lock);
  RaceThread* fiber = free_fibers.first;
  if (fiber != nullptr)
    free_fibers.first = fiber->suspended.thread;
  else
    fiber = static_cast<RaceThread*>(kernel::map(nullptr, sizeof(RaceThread), PROT_READ | PROT_WRITE,
                                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1));
  return fiber;
}

void give_back_fiber(RaceThread* fiber) {
  SpinGuard guard(free_fibers.lock);
  fiber->suspended.thread = free_fibers.first;
  free_fibers.first = fiber;
}

void switch_to(RaceThread& target) {
  const uint64_t signals = kernel::block_signals();
  hot.thread->suspended = hot;
  if (target.prepared) {
    if (!take_up(target)) take_up(*hot.thread);
  } else {
    hot = target.suspended;
    refresh_active(target);
  }
  kernel::restore_signals(signals);
}

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks::races;

#pragma GCC visibility push(default)
extern "C" {

void* __tsan_get_current_fiber() {
  return begin_thread() ? hot.thread : nullptr;
}

void* __tsan_create_fiber(unsigned) {
  if (!begin_thread()) return nullptr;
  begin_detecting();
  const uint64_t signals = gordian::hooks::kernel::block_signals();
  RaceThread* fiber = claim_fiber();
  if (fiber != nullptr) {
    const auto* record = gordian::hooks::local.record;
    prepare(*hot.thread, *fiber, record != nullptr ? record->serial : 0);
    if (fiber->slot != 0 && record != nullptr) set_tid(fiber->slot, record->tid);
  }
  gordian::hooks::kernel::restore_signals(signals);
  return fiber;
}

void __tsan_destroy_fiber(void* fiber) {
  auto* over = static_cast<RaceThread*>(fiber);
  if (over == nullptr || over == hot.thread) return;
  const uint64_t signals = gordian::hooks::kernel::block_signals();
  if (over->slot != 0) retire_slot(over->slot, over->clock);
  over->slot = 0;
  over->prepared = false;
  forget_sync(reinterpret_cast<uint64_t>(over));
  give_back_fiber(over);
  gordian::hooks::kernel::restore_signals(signals);
}

void __tsan_switch_to_fiber(void* fiber, unsigned flags) {
  auto* target = static_cast<RaceThread*>(fiber);
  if (target == nullptr || !begin_thread() || target == hot.thread) return;
  const bool orders = (flags & kWithoutOrder) == 0;
  if (orders) release_at(reinterpret_cast<uint64_t>(target), false);
  switch_to(*target);
  if (orders) acquire_at(reinterpret_cast<uint64_t>(target));
}

void __tsan_set_fiber_name(void*, const char*) {}

}  // extern "C"
#pragma GCC visibility pop
