// Threads: create, join, tryjoin, timedjoin, clockjoin, detach, setname. A thread's end is seen by a key
// destructor (runtime.cpp), which pthread_exit, cancellation and return all pass.
//
// A thread is a resource too: it is held by itself until it ends, and a join waits for it.
#include <errno.h>
#include <signal.h>

#include "runtime-hooks/cancellation.h"
#include "runtime-hooks/interpose/thread_start.h"
#include "runtime-hooks/judge/judge.h"
#include "runtime-hooks/race-sampler/sampler.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {

struct Join {
  ThreadRecord* self;
  Hold* entry;
};

void give_up(Join* join) {
  undo(join->self, join->entry);
}

bool has_signal_mask(const pthread_attr_t* attributes) {
  sigset_t mask;
  return attributes != nullptr && pthread_attr_getsigmask_np(attributes, &mask) != PTHREAD_ATTR_NO_SIGMASK_NP;
}

void joined_thread(const ThreadRecord* self, uint32_t serial, [[maybe_unused]] uint64_t handle,
                   [[maybe_unused]] uint64_t site) {
  order_after_join(self, serial);
  if constexpr (kFollowing) trace_joined(serial, handle, site);
}

}  // namespace

void* start_pthread(void* argument) {
  const ThreadStart start = enter_thread(static_cast<ThreadRecord*>(argument), __builtin_frame_address(0));
  void* result = start.routine(start.argument);
  order_routine_over();
  return result;
}

ThreadStart enter_thread(ThreadRecord* record, void* frame) {
  const PrivateThread& own = runtime.private_of(runtime.slot_of(record));
  const ThreadStart start{own.start_routine, own.start_c11, own.start_argument};
  const uint64_t size = record->stack_low;  // left here by the creator
  record->stack_high = reinterpret_cast<uint64_t>(frame);
  record->stack_low = record->stack_high - size;
  const bool signals_blocked = own.signals_blocked;
  const uint64_t signals = own.start_signals;
  runtime.adopt(record);
  if (signals_blocked) kernel::restore_signals(signals);
  return start;
}

ThreadRecord* prepare_thread(uint64_t routine, uint64_t stack_size, const Site& site) {
  const ThreadRecord* self = current();
  if (self == nullptr) return nullptr;
  judge_start();
  if constexpr (kSampling) races_start();
  ThreadRecord* created = runtime.claim_slot(record::ThreadState::kStarting);
  if (created == nullptr) return nullptr;
  created->creator_serial = self->serial;
  created->start_routine = routine;
  created->created_at = site.return_address;
  created->stack_low = stack_size;
  __builtin_memcpy(created->name, self->name, sizeof(created->name));
  order_thread_start(self, created);
  if constexpr (kFollowing) trace_fork(created);
  return created;
}

void know_handle(ThreadRecord* created, uint32_t serial, uint64_t handle) {
  uint64_t none = 0;
  if (__atomic_load_n(&created->serial, __ATOMIC_ACQUIRE) == serial &&
      __atomic_compare_exchange_n(&created->pthread_handle, &none, handle, false, __ATOMIC_RELEASE,
                                  __ATOMIC_RELAXED))
    runtime.index_new_handle(runtime.slot_of(created), handle);
}

uint64_t default_stack_size() {
  static constinit uint64_t size = 0;
  if (size == 0) {
    pthread_attr_t attributes;
    size_t known = 0;
    if (pthread_attr_init(&attributes) == 0) {
      pthread_attr_getstacksize(&attributes, &known);
      pthread_attr_destroy(&attributes);
    }
    size = known;
  }
  return size;
}

template <typename RealCall>
[[gnu::noinline]] int join_watched(uint64_t handle, uint64_t bits, const Site& site, RealCall real_call) {
  ThreadRecord* self = current();
  if (self == nullptr) return real_call();
  const uint32_t serial = serial_of_handle(handle);
  if (serial != 0) note_attempt(self, serial, ResourceKind::kThread, bits, site);
  const ThreadRecord* joined = runtime.find_by_handle(handle);
  if (joined == nullptr) {
    const int result = real_call();
    if (result == 0) joined_thread(self, serial, handle, site.return_address);
    return result;
  }
  Join join{self, begin(self, joined->serial, ResourceKind::kThread, bits, site)};
  Registers registers;
  capture(registers);
  about_to_wait(self, registers);
  const int result = call_cancellable(real_call, give_up, &join);
  undo(self, join.entry);
  if (result == 0) joined_thread(self, serial, handle, site.return_address);
  return result;
}

int join_thread(uint64_t handle, const Site& site, int (*call)(void*), void* context) {
  return join_watched(handle, 0, site, [=] { return call(context); });
}

}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*routine)(void*),
                   void* argument) noexcept {
  size_t stack_size = 0;
  if (attributes == nullptr || pthread_attr_getstacksize(attributes, &stack_size) != 0)
    stack_size = default_stack_size();
  ThreadRecord* created = prepare_thread(reinterpret_cast<uint64_t>(routine), stack_size, call_site());
  if (created == nullptr) return real::pthread_create(thread, attributes, routine, argument);
  PrivateThread& own = runtime.private_of(runtime.slot_of(created));
  own.start_routine = routine;
  own.start_argument = argument;
  const uint32_t serial = created->serial;
  // A handler that ran before the thread has begun would be another thread's to us.
  own.signals_blocked = kRaces && !has_signal_mask(attributes);
  if (own.signals_blocked) own.start_signals = kernel::block_signals();
  const uint64_t signals = own.start_signals;
  const bool blocked = own.signals_blocked;
  int result = real::pthread_create(thread, attributes, start_pthread, created);
  // Where the number of threads is limited, the judge's place is the program's.
  if (result == EAGAIN && judge_give_way(true)) {
    if constexpr (kSampling) races_give_way(true);
    result = real::pthread_create(thread, attributes, start_pthread, created);
    if (result != 0) judge_may_return();
  }
  if (blocked) kernel::restore_signals(signals);
  if (result != 0)
    runtime.abandon_slot(created);
  else
    know_handle(created, serial, *thread);
  return result;
}

int pthread_join(pthread_t thread, void** value) {
  return join_watched(thread, 0, call_site(), [=] { return real::pthread_join(thread, value); });
}

int pthread_tryjoin_np(pthread_t thread, void** value) noexcept {
  const ThreadRecord* self = current();
  const uint32_t serial = self != nullptr ? serial_of_handle(thread) : 0;
  const int result = real::pthread_tryjoin_np(thread, value);
  if (result == 0 && self != nullptr) joined_thread(self, serial, thread, traced_site());
  return result;
}

int pthread_timedjoin_np(pthread_t thread, void** value, const timespec* until) {
  return join_watched(thread, until != nullptr ? gordian::record::kTimedBit : 0, call_site(),
                      [=] { return real::pthread_timedjoin_np(thread, value, until); });
}

int pthread_clockjoin_np(pthread_t thread, void** value, clockid_t clock, const timespec* until) {
  return join_watched(thread, until != nullptr ? gordian::record::kTimedBit : 0, call_site(),
                      [=] { return real::pthread_clockjoin_np(thread, value, clock, until); });
}

int pthread_detach(pthread_t thread) noexcept {
  if (ThreadRecord* detached = runtime.find_by_handle(thread))
    __atomic_fetch_or(&detached->flags, gordian::record::kThreadDetached, __ATOMIC_RELAXED);
  return real::pthread_detach(thread);
}

int pthread_setname_np(pthread_t thread, const char* name) noexcept {
  const int result = real::pthread_setname_np(thread, name);
  ThreadRecord* named = result == 0 ? runtime.find_by_handle(thread) : nullptr;
  if (named != nullptr) {
    const size_t size = __builtin_strlen(name);
    __builtin_memcpy(named->name, name, size + 1);  // at most 16 with its end: the real call has checked
    if constexpr (kFollowing) trace_named(named);
  }
  return result;
}

}  // extern "C"
#pragma GCC visibility pop
