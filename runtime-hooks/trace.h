// The trace of synchronisation events that `gordian run --record-trace` has the process write (the file is
// analyzer/record/trace_format.h), as the hooks see it: one function for each thing that happens.
//
// There are three libraries from the same sources. libgordian-trace-hooks.so has these functions in trace/:
// there they write events, and the fast paths are off, since an event is written for every call. The race
// runtime, libtsan.so.2, has them in race-runtime/: there they are what the clocks of the threads learn of
// one another, and the fast paths stay. libgordian-hooks.so has none, and calls none of them: every call
// stands behind `if constexpr (kFollowing)`.
//
// Promises: async-signal-safe, no allocation; no lock but where the file has to be made or to grow. For the
// calling thread; one without a record writes nothing. Never called inside a CriticalSection. When a
// function is called is part of the format's promise: before a release, a notification, a creation or an
// attempt, after an acquisition, a wake or a join.
#pragma once

#include "analyzer/record/trace_format.h"
#include "runtime-hooks/runtime.h"
#include "runtime-hooks/site.h"

namespace gordian::hooks {

inline constexpr bool kTracing = GORDIAN_TRACING != 0;
inline constexpr bool kRaces = GORDIAN_RACES != 0;
inline constexpr bool kFollowing = kTracing || kRaces;

// The return address of the hook that it is called in.
[[gnu::always_inline]] inline uint64_t traced_site() {
  if constexpr (kFollowing)
    return reinterpret_cast<uint64_t>(__builtin_return_address(0));
  else
    return 0;
}

// What has one owner who gives it back. Everything else waits, wakes and notifies.
constexpr bool is_traced_as_lock(ResourceKind kind) {
  return kind == ResourceKind::kMutex || kind == ResourceKind::kRwlock || kind == ResourceKind::kSpin ||
         kind == ResourceKind::kStdioFile;
}

// Ready to block; `bits` as `begin` takes them. A lock is requested, anything else is waited for.
void trace_attempt(ResourceKind kind, uint64_t address, uint64_t bits, uint64_t site);

// The entry is about to become a hold. Nothing where it stands for no lock.
void trace_acquired(Hold* entry, uint8_t flags);

// The youngest entry of that resource is about to go: a release where it is a hold, a failure where it is an
// attempt. Nothing where there is none, or where it stands for no lock.
void trace_gives_back(const ThreadRecord* self, uint64_t address, ResourceKind kind, uint64_t site,
                      uint8_t flags);

// A hold, the youngest entry of its thread, is about to go by the fast path: for the race runtime alone.
void trace_releases(const Hold* entry);

// A lock is given back by a thread that is not known to have it.
void trace_released_without_holding(ResourceKind kind, uint64_t address, uint64_t site);

// A try that did not get it; `bits` with the side of a read-write lock.
void trace_try_failed(ResourceKind kind, uint64_t address, uint64_t bits, uint64_t site);

void trace_woke(const Hold* entry, uint8_t flags);
void trace_notifies(ResourceKind kind, uint64_t address, uint64_t site, uint8_t flags);

// What is done once was done already, and the thread did not know.
void trace_found_done(ResourceKind kind, uint64_t address, uint64_t site);

// `created` is about to be; the calling thread has begun, is about to end, has seen the end of that one.
void trace_fork(const ThreadRecord* created);
void trace_begin();
void trace_end(const ThreadRecord* self);
void trace_joined(uint32_t serial, uint64_t site);
void trace_named(const ThreadRecord* thread);

// A life of a lock's address begins with an init call, ends.
void trace_born(const record::ResourceRecord& resource);
void trace_gone(const record::ResourceRecord& resource);

// Memory is about to be freed, was unmapped: for the race runtime alone. False: the block is not the heap's.
bool trace_frees(void* block, const Site& site);
void trace_unmapped(uint64_t low, uint64_t high);

// A call passed by unseen, because its thread has no record.
void trace_missed();

// In a forked child: its trace begins with its first event. Where it inherits the record of the thread that
// forked, what that thread holds comes before.
void trace_after_fork();
void trace_inherits();

// The process comes to a normal end; or is no longer followed, and must not make system calls.
void trace_process_ends();
void trace_retreats();

// The flight record's table of modules was read anew. In a CriticalSection.
void trace_takes_modules();

}  // namespace gordian::hooks
