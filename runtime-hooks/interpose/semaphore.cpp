// POSIX semaphores, in the order of the manual: init, destroy, open, close, wait, trywait, timedwait,
// clockwait, post.
//
// A semaphore has no owner. It is judged by its use: a thread that took it and gives it back itself uses it
// as a lock and is its observed holder; once a thread posts that does not hold it, it is a signal (an event,
// a counter) and has no holder from then on.
#include <errno.h>
#include <stdarg.h>

#include "runtime-hooks/cancellation.h"
#include "runtime-hooks/misuse.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {

constexpr auto kSemaphoreKind = ResourceKind::kSemaphore;
constexpr auto kSignal = static_cast<uint8_t>(record::Usage::kSignal);
constexpr auto kLock = static_cast<uint8_t>(record::Usage::kLock);
constexpr auto kUnknown = static_cast<uint8_t>(record::Usage::kUnknown);

// glibc keeps the value in the low half of the first word (sysdeps/nptl/internaltypes.h, struct new_sem).
bool seems_free(const sem_t* semaphore) {
  return __atomic_load_n(reinterpret_cast<const uint32_t*>(semaphore), __ATOMIC_RELAXED) != 0;
}

struct SemaphoreWait {
  ThreadRecord* self;
  Hold* entry;
};

void give_up(SemaphoreWait* wait) {
  if constexpr (kFollowing) trace_woke(wait->entry, record::kTraceTimedOut);
  undo(wait->self, wait->entry);
}

// Takes the thread's hold of the semaphore out of its record; false when it has none. Entries of an earlier
// life of the address, which nobody ever gave back, go with it. An attempt stays: it is a handler that posts,
// on top of the wait that it ends.
bool give_back(ThreadRecord* self, uint64_t address, const record::ResourceRecord* resource) {
  for (uint32_t i = record::progress_depth(self->progress); i-- > 0;) {
    const Hold* entry = entry_at(self, i);
    if (entry == nullptr || entry->word >> 8 != (address << 8 | static_cast<uint64_t>(kSemaphoreKind)))
      continue;
    if (record::word_status(entry->word) != HoldStatus::kHeld) continue;
    const bool of_this_life = resource == nullptr || entry->generation == resource->generation;
    remove_entry(self, i);
    if (of_this_life) return true;
  }
  return false;
}

// Of a semaphore that one thread alone waits for, the n-th wait comes after the n-th post.
void note_taken_signal(const ThreadRecord* self, record::ResourceRecord* resource) {
  if (resource->initial_value != 0) return;
  if (resource->last_waiter != self->serial) {
    resource->last_waiter = self->serial;
    __atomic_fetch_add(&resource->participants, 1, __ATOMIC_RELAXED);
  }
  order_acquire(self, resource, __atomic_add_fetch(&resource->rounds, 1, __ATOMIC_RELAXED));
}

void settle(ThreadRecord* self, Hold* entry, record::ResourceRecord* resource, int result,
            [[maybe_unused]] uint8_t trace_flags = 0) {
  if constexpr (kFollowing) trace_woke(entry, result == 0 ? trace_flags : record::kTraceTimedOut);
  const bool is_lock = resource == nullptr || resource->usage != kSignal;
  if (result == 0 && is_lock) {
    entry->generation = resource != nullptr ? resource->generation : 0;
    acquired(entry);
    return;
  }
  undo(self, entry);
  if (result != 0 || resource == nullptr) return;
  note_taken_signal(self, resource);
  __atomic_fetch_add(&resource->wakes, 1, __ATOMIC_RELAXED);
  // Taken before its use was known: nobody holds a signal.
  give_back(self, resource->address, resource);
}

template <typename RealCall>
[[gnu::noinline]] int wait_taken(SemaphoreWait wait, record::ResourceRecord* resource, RealCall real_call) {
  Registers registers;
  capture(registers);
  about_to_wait(wait.self, registers,
                {0, resource != nullptr ? __atomic_load_n(&resource->signals, __ATOMIC_RELAXED) : 0});
  const int result = call_cancellable(real_call, give_up, &wait);
  settle(wait.self, wait.entry, resource, result);
  return result;
}

// What glibc refuses before it looks at the semaphore.
bool is_valid_limit(clockid_t clock, const timespec* until) {
  return (clock == CLOCK_REALTIME || clock == CLOCK_MONOTONIC) && until->tv_nsec >= 0 &&
         until->tv_nsec < 1'000'000'000;
}

template <typename RealCall>
[[gnu::always_inline]] inline int wait(sem_t* semaphore, uint64_t bits, const Site& site,
                                       RealCall real_call) {
  ThreadRecord* self = current();
  if (self == nullptr) [[unlikely]]
    return real_call();
  auto* resource = note_lock_attempt(self, address_of(semaphore), kSemaphoreKind, bits, site);
  // A cancellation point even where it does not wait, which the try below is not.
  pthread_testcancel();
  Hold* entry = begin(self, address_of(semaphore), kSemaphoreKind, bits, site);
  if (!seems_free(semaphore)) [[unlikely]]
    return wait_taken({self, entry}, resource, real_call);
  // Taken at once in the ordinary case; if another thread is faster, the wait shows in the record all the
  // same. Cancellation could strike in the real call too: a non-blocking try keeps the handler for it off the
  // common path.
  const int error = errno;
  if (real::sem_trywait(semaphore) == 0) [[likely]] {
    settle(self, entry, resource, 0);
    return 0;
  }
  errno = error;
  return wait_taken({self, entry}, resource, real_call);
}

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int sem_init(sem_t* semaphore, int process_shared, unsigned value) noexcept {
  check_init(kSemaphoreKind, address_of(semaphore), call_site());
  const int result = real::sem_init(semaphore, process_shared, value);
  if (result == 0 && current() != nullptr) {
    auto* resource = resources.initialised(kSemaphoreKind, address_of(semaphore), call_site().return_address,
                                           static_cast<int32_t>(value), process_shared != 0);
    // With nothing to take at first, somebody has to give before anybody can have it.
    if (resource != nullptr && value == 0) resource->usage = kSignal;
  }
  return result;
}

int sem_destroy(sem_t* semaphore) noexcept {
  check_destroy(kSemaphoreKind, address_of(semaphore), call_site());
  const int result = real::sem_destroy(semaphore);
  if (result == 0) {
    resources.destroyed(kSemaphoreKind, address_of(semaphore));
    if (ThreadRecord* self = current()) {
      while (release(self, address_of(semaphore), kSemaphoreKind)) {
      }
    }
  }
  return result;
}

sem_t* sem_open(const char* name, int flags, ...) noexcept {
  va_list rest;
  va_start(rest, flags);
  const unsigned mode = flags & O_CREAT ? va_arg(rest, unsigned) : 0;
  const unsigned value = flags & O_CREAT ? va_arg(rest, unsigned) : 0;
  va_end(rest);
  sem_t* semaphore = real::sem_open(name, flags, mode, value);
  if (semaphore != SEM_FAILED && current() != nullptr &&
      resources.find(kSemaphoreKind, address_of(semaphore)) == nullptr) {
    if (auto* resource = resources.initialised(kSemaphoreKind, address_of(semaphore),
                                               call_site().return_address, -1, true))
      resource->flags |= gordian::record::kResourceNamed;
  }
  return semaphore;
}

int sem_close(sem_t* semaphore) noexcept {
  return real::sem_close(semaphore);
}

int sem_wait(sem_t* semaphore) {
  return wait(semaphore, 0, call_site(), [=] { return real::sem_wait(semaphore); });
}

int sem_trywait(sem_t* semaphore) noexcept {
  const int result = real::sem_trywait(semaphore);
  if constexpr (kFollowing) {
    if (result != 0) trace_try_failed(kSemaphoreKind, address_of(semaphore), 0, traced_site());
  }
  ThreadRecord* self = result == 0 ? current() : nullptr;
  if (self != nullptr) {
    const Site site = call_site();
    auto* resource = meet(kSemaphoreKind, address_of(semaphore), site.return_address);
    settle(self, begin(self, address_of(semaphore), kSemaphoreKind, 0, site), resource, 0,
           gordian::record::kTraceTry);
  }
  return result;
}

int sem_timedwait(sem_t* semaphore, const timespec* until) {
  if (!is_valid_limit(CLOCK_REALTIME, until)) [[unlikely]]
    return real::sem_timedwait(semaphore, until);
  return wait(semaphore, gordian::record::kTimedBit, call_site(),
              [=] { return real::sem_timedwait(semaphore, until); });
}

int sem_clockwait(sem_t* semaphore, clockid_t clock, const timespec* until) {
  if (!is_valid_limit(clock, until)) [[unlikely]]
    return real::sem_clockwait(semaphore, clock, until);
  return wait(semaphore, gordian::record::kTimedBit, call_site(),
              [=] { return real::sem_clockwait(semaphore, clock, until); });
}

int sem_post(sem_t* semaphore) noexcept {
  ThreadRecord* self = current();
  if (self != nullptr) {
    auto* resource = meet(kSemaphoreKind, address_of(semaphore), call_site().return_address);
    if constexpr (kFollowing) trace_notifies(kSemaphoreKind, address_of(semaphore), traced_site(), 0);
    const bool is_own = give_back(self, address_of(semaphore), resource);
    uint8_t usage = kUnknown;
    if (is_own && resource != nullptr && resource->usage == usage)
      __atomic_compare_exchange_n(&resource->usage, &usage, kLock, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED);
    if (!is_own && resource != nullptr) {
      if (resource->usage != kSignal) __atomic_store_n(&resource->usage, kSignal, __ATOMIC_RELEASE);
      resources.signalled(resource, self);
      // One thread alone posts it, or the order is not relied on: the count is its own then.
      if (resource->initial_value == 0) order_release(self, resource, resource->signals);
    }
  }
  return real::sem_post(semaphore);
}

}  // extern "C"
#pragma GCC visibility pop
