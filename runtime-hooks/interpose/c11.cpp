// C11 threads: mtx_*, cnd_*, thrd_*, call_once. glibc calls its pthread functions inside libc, past every
// pthread hook, so the family has its own. An mtx_t is a pthread_mutex_t inside, a cnd_t a pthread_cond_t, a
// thrd_t a pthread_t (glibc, sysdeps/pthread/threads.h).
#include "runtime-hooks/interpose/condition_wait.h"
#include "runtime-hooks/interpose/mutex_word.h"
#include "runtime-hooks/interpose/once_call.h"
#include "runtime-hooks/interpose/thread_start.h"
#include "runtime-hooks/judge/judge.h"
#include "runtime-hooks/misuse.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {

constexpr auto kPlainMutex = ResourceKind::kMutex;

template <typename RealCall>
[[gnu::noinline]] int lock(mtx_t* mutex, uint64_t bits, const Site& site, RealCall real_call) {
  ThreadRecord* self = current();
  if (self == nullptr) return real_call();
  note_lock_attempt(self, address_of(mutex), kPlainMutex, bits, site);
  Hold* entry = begin(self, address_of(mutex), kPlainMutex, bits, site);
  if (likely_to_block(reinterpret_cast<const pthread_mutex_t*>(mutex), self)) {
    Registers registers;
    capture(registers);
    about_to_wait(self, registers);
  }
  const int result = real_call();
  if (result == thrd_success)
    acquired(entry);
  else
    undo(self, entry);
  return result;
}

int start_c11(void* argument) {
  const ThreadStart start = enter_thread(static_cast<ThreadRecord*>(argument), __builtin_frame_address(0));
  const int result = start.routine_c11(start.argument);
  order_routine_over();
  return result;
}

struct ThrdJoin {
  thrd_t thread;
  int* value;
};

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int mtx_init(mtx_t* mutex, int type) {
  check_init(kPlainMutex, address_of(mutex), call_site());
  const int result = real::mtx_init(mutex, type);
  if (result == thrd_success && current() != nullptr)
    resources.initialised(kPlainMutex, address_of(mutex), call_site().return_address, -1, false);
  return result;
}

void mtx_destroy(mtx_t* mutex) {
  check_destroy(kPlainMutex, address_of(mutex), call_site());
  resources.destroyed(kPlainMutex, address_of(mutex));
  real::mtx_destroy(mutex);
}

int mtx_lock(mtx_t* mutex) {
  return lock(mutex, 0, call_site(), [=] { return real::mtx_lock(mutex); });
}

int mtx_trylock(mtx_t* mutex) {
  const int result = real::mtx_trylock(mutex);
  if constexpr (kFollowing) {
    if (result != thrd_success) trace_try_failed(kPlainMutex, address_of(mutex), 0, traced_site());
  }
  ThreadRecord* self = result == thrd_success ? current() : nullptr;
  if (self != nullptr) {
    const Site site = call_site();
    acquired(begin(self, address_of(mutex), kPlainMutex, 0, site), gordian::record::kTraceTry);
    meet(kPlainMutex, address_of(mutex), site.return_address);
  }
  return result;
}

int mtx_timedlock(mtx_t* mutex, const timespec* until) {
  return lock(mutex, gordian::record::kTimedBit, call_site(),
              [=] { return real::mtx_timedlock(mutex, until); });
}

int mtx_unlock(mtx_t* mutex) {
  ThreadRecord* self = current();
  if (self != nullptr && !release(self, address_of(mutex), kPlainMutex, traced_site())) {
    check_release(self, kPlainMutex, address_of(mutex), call_site());
    return unlock_unheld(reinterpret_cast<pthread_mutex_t*>(mutex), traced_site(),
                         [=] { return real::mtx_unlock(mutex); });
  }
  return real::mtx_unlock(mutex);
}

int cnd_init(cnd_t* condition) {
  check_init(ResourceKind::kCondition, address_of(condition), call_site());
  const int result = real::cnd_init(condition);
  if (result == thrd_success && current() != nullptr)
    resources.initialised(ResourceKind::kCondition, address_of(condition), call_site().return_address, -1,
                          false);
  return result;
}

void cnd_destroy(cnd_t* condition) {
  check_destroy(ResourceKind::kCondition, address_of(condition), call_site());
  resources.destroyed(ResourceKind::kCondition, address_of(condition));
  real::cnd_destroy(condition);
}

int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  return wait_on_condition(address_of(condition), address_of(mutex), 0, call_site(), thrd_success,
                           [=] { return real::cnd_wait(condition, mutex); });
}

int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* until) {
  return wait_on_condition(address_of(condition), address_of(mutex), gordian::record::kTimedBit, call_site(),
                           thrd_success, [=] { return real::cnd_timedwait(condition, mutex, until); });
}

int cnd_signal(cnd_t* condition) {
  note_signal(address_of(condition), call_site());
  return real::cnd_signal(condition);
}

int cnd_broadcast(cnd_t* condition) {
  note_signal(address_of(condition), call_site(), gordian::record::kTraceAll);
  return real::cnd_broadcast(condition);
}

int thrd_create(thrd_t* thread, thrd_start_t routine, void* argument) {
  ThreadRecord* created =
      prepare_thread(reinterpret_cast<uint64_t>(routine), default_stack_size(), call_site());
  if (created == nullptr) return real::thrd_create(thread, routine, argument);
  PrivateThread& own = runtime.private_of(runtime.slot_of(created));
  own.start_c11 = routine;
  own.signals_blocked = false;
  own.start_argument = argument;
  const uint32_t serial = created->serial;
  int result = real::thrd_create(thread, start_c11, created);
  if (result == thrd_error && judge_give_way(true)) {
    result = real::thrd_create(thread, start_c11, created);
    if (result != thrd_success) judge_may_return();
  }
  if (result != thrd_success)
    runtime.abandon_slot(created);
  else
    know_handle(created, serial, *thread);
  return result;
}

int thrd_join(thrd_t thread, int* value) {
  ThrdJoin join{thread, value};
  return join_thread(
      thread, call_site(),
      [](void* context) {
        auto* call = static_cast<ThrdJoin*>(context);
        return real::thrd_join(call->thread, call->value);
      },
      &join);
}

int thrd_detach(thrd_t thread) {
  if (ThreadRecord* detached = runtime.find_by_handle(thread))
    __atomic_fetch_or(&detached->flags, gordian::record::kThreadDetached, __ATOMIC_RELAXED);
  return real::thrd_detach(thread);
}

void call_once(once_flag* flag, void (*routine)()) {
  auto* control = reinterpret_cast<int*>(flag);
  if (once_is_done(control)) {
    note_done_once(control, call_site());
    real::call_once(flag, routine);
    return;
  }
  call_once_watched(control, routine, call_site(), [=] {
    real::call_once(flag, run_once_routine);
    return 0;
  });
}

}  // extern "C"
#pragma GCC visibility pop
