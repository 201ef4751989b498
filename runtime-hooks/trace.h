// The trace of synchronisation events that `gordian run --record-trace` has the process write (the file is
// analyzer/record/trace_format.h), as the hooks see it: one function for each thing that happens.
//
// There are five libraries from the same sources. libgordian-trace-hooks.so has these functions in trace/
// (`to_file`): there they write events, and the fast paths are off, since an event is written for every call.
// The race runtime, tsan/libtsan.so.2, has them in race-runtime/ (`to_clocks`): there they are what the
// clocks of the threads learn of one another, and the fast paths stay. tsan/trace/libtsan.so.2 has both, and
// writes the accesses besides. The sampler of races, libgordian-race-hooks.so, has them in race-sampler/
// (`to_sampler`), where they note little more than a time. libgordian-hooks.so has none, and calls none of
// them: every call stands behind `if constexpr (kFollowing)`.
//
// Promises: async-signal-safe, no allocation; no lock but where the file has to be made or to grow. For the
// calling thread; one without a record writes nothing. Never called inside a CriticalSection. When a
// function is called is part of the format's promise: before a release, a notification, a creation or an
// attempt, after an acquisition, a wake or a join.
#pragma once

#include "analyzer/record/trace_format.h"
#include "runtime-hooks/race-sampler/sampler.h"
#include "runtime-hooks/runtime.h"
#include "runtime-hooks/site.h"

namespace gordian::hooks {

inline constexpr bool kTracing = GORDIAN_TRACING != 0;
inline constexpr bool kRaces = GORDIAN_RACES != 0;
inline constexpr bool kFollowing = kTracing || kRaces || kSampling;

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

// The listeners, with what they make of an event; see the functions of the same names below.
namespace to_file {
void attempt(ResourceKind kind, uint64_t address, uint64_t bits, uint64_t site);
void acquired(Hold* entry, uint8_t flags);
void gives_back(const ThreadRecord* self, uint64_t address, ResourceKind kind, uint64_t site, uint8_t flags);
void released_without_holding(ResourceKind kind, uint64_t address, uint64_t site);
void try_failed(ResourceKind kind, uint64_t address, uint64_t bits, uint64_t site);
void woke(const Hold* entry, uint8_t flags);
void notifies(ResourceKind kind, uint64_t address, uint64_t site, uint8_t flags);
void found_done(ResourceKind kind, uint64_t address, uint64_t site);
void fork(const ThreadRecord* created);
void begin();
void end(const ThreadRecord* self);
void joined(uint32_t serial, uint64_t site);
void named(const ThreadRecord* thread);
void born(const record::ResourceRecord& resource);
void gone(const record::ResourceRecord& resource);
void missed();
void after_fork();
void inherits();
void process_ends();
void retreats();
void takes_modules();
}  // namespace to_file
namespace to_clocks {
void attempt(ResourceKind kind, uint64_t address, uint64_t site);
void acquired(const Hold* entry);
void gives_back(const ThreadRecord* self, uint64_t address, ResourceKind kind);
void releases(const Hold* entry);
void released_without_holding(uint64_t address);
void woke(const Hold* entry, uint8_t flags);
void notifies(ResourceKind kind, uint64_t address, uint64_t site);
void found_done(uint64_t address);
void fork(const ThreadRecord* created);
void begin();
void end(const ThreadRecord* self);
void joined(uint64_t handle);
// The round of a barrier that the calling thread arrives at, has passed. `by_rounds`: the numbers of rounds
// can be relied on.
void arrives(uint64_t barrier, uint32_t round, uint64_t site);
void passed(uint64_t barrier, uint32_t round, bool by_rounds, uint64_t site);
void begins_life(uint64_t address, uint64_t site);
void ends_life(uint64_t address, uint64_t site);
void gone(const record::ResourceRecord& resource);
bool frees(void* block, const Site& site);
void unmaps(uint64_t low, uint64_t high);
void after_fork();
void retreats();
}  // namespace to_clocks
namespace to_sampler {
void acquired(const Hold* entry);
void gives_back(const ThreadRecord* self, uint64_t address, ResourceKind kind);
void releases(const Hold* entry);
void released_without_holding(ResourceKind kind, uint64_t address);
void took_over();
}  // namespace to_sampler

// Ready to block; `bits` as `begin` takes them. A lock is requested, anything else is waited for.
inline void trace_attempt(ResourceKind kind, uint64_t address, uint64_t bits, uint64_t site) {
  if constexpr (kRaces) to_clocks::attempt(kind, address, site);
  if constexpr (kTracing) to_file::attempt(kind, address, bits, site);
}

// The entry is about to become a hold. Nothing where it stands for no lock.
inline void trace_acquired(Hold* entry, uint8_t flags) {
  if constexpr (kSampling) to_sampler::acquired(entry);
  if constexpr (kTracing) to_file::acquired(entry, flags);
  if constexpr (kRaces) to_clocks::acquired(entry);
}

// The youngest entry of that resource is about to go: a release where it is a hold, a failure where it is an
// attempt. Nothing where there is none, or where it stands for no lock.
inline void trace_gives_back(const ThreadRecord* self, uint64_t address, ResourceKind kind, uint64_t site,
                             uint8_t flags) {
  if constexpr (kSampling) to_sampler::gives_back(self, address, kind);
  if constexpr (kRaces) to_clocks::gives_back(self, address, kind);
  if constexpr (kTracing) to_file::gives_back(self, address, kind, site, flags);
}

// A hold, the youngest entry of its thread, is about to go by the fast path, which a trace has not.
inline void trace_releases(const Hold* entry) {
  if constexpr (kSampling) to_sampler::releases(entry);
  if constexpr (kRaces) to_clocks::releases(entry);
}

// A lock is given back by a thread that is not known to have it.
inline void trace_released_without_holding(ResourceKind kind, uint64_t address, uint64_t site) {
  if constexpr (kSampling) to_sampler::released_without_holding(kind, address);
  if constexpr (kRaces) to_clocks::released_without_holding(address);
  if constexpr (kTracing) to_file::released_without_holding(kind, address, site);
}

// A try that did not get it; `bits` with the side of a read-write lock.
inline void trace_try_failed(ResourceKind kind, uint64_t address, uint64_t bits, uint64_t site) {
  if constexpr (kSampling) to_sampler::took_over();
  if constexpr (kTracing) to_file::try_failed(kind, address, bits, site);
}

inline void trace_woke(const Hold* entry, uint8_t flags) {
  if constexpr (kSampling) to_sampler::took_over();
  if constexpr (kTracing) to_file::woke(entry, flags);
  if constexpr (kRaces) to_clocks::woke(entry, flags);
}
inline void trace_notifies(ResourceKind kind, uint64_t address, uint64_t site, uint8_t flags) {
  if constexpr (kRaces) to_clocks::notifies(kind, address, site);
  if constexpr (kTracing) to_file::notifies(kind, address, site, flags);
}

// What is done once was done already, and the thread did not know.
inline void trace_found_done(ResourceKind kind, uint64_t address, uint64_t site) {
  if constexpr (kSampling) to_sampler::took_over();
  if constexpr (kTracing) to_file::found_done(kind, address, site);
  if constexpr (kRaces) to_clocks::found_done(address);
}

// `created` is about to be; the calling thread has begun, is about to end, has seen the end of that one.
inline void trace_fork(const ThreadRecord* created) {
  if constexpr (kTracing) to_file::fork(created);
  if constexpr (kRaces) to_clocks::fork(created);
}
inline void trace_begin() {
  if constexpr (kSampling) to_sampler::took_over();
  if constexpr (kTracing) to_file::begin();
  if constexpr (kRaces) to_clocks::begin();
}
inline void trace_end(const ThreadRecord* self) {
  if constexpr (kRaces) to_clocks::end(self);
  if constexpr (kTracing) to_file::end(self);
}
// The trace knows the joined thread by its serial; the race runtime, which must not miss one, by what is told
// apart for as long as it is not joined.
inline void trace_joined(uint32_t serial, uint64_t handle, uint64_t site) {
  if constexpr (kSampling) to_sampler::took_over();
  if constexpr (kTracing) to_file::joined(serial, site);
  if constexpr (kRaces) to_clocks::joined(handle);
}
inline void trace_named(const ThreadRecord* thread) {
  if constexpr (kTracing) to_file::named(thread);
}

// A life of a lock's address begins with an init call, ends.
inline void trace_born(const record::ResourceRecord& resource) {
  if constexpr (kTracing) to_file::born(resource);
}
inline void trace_gone(const record::ResourceRecord& resource) {
  if constexpr (kTracing) to_file::gone(resource);
  if constexpr (kRaces) to_clocks::gone(resource);
}

// A lock or the like is about to be initialised, to be destroyed.
inline void trace_begins_life(uint64_t address, uint64_t site) {
  if constexpr (kRaces) to_clocks::begins_life(address, site);
}
inline void trace_ends_life(uint64_t address, uint64_t site) {
  if constexpr (kRaces) to_clocks::ends_life(address, site);
}

// Memory is about to be freed, to be unmapped (after that it may be another thread's at once). False: the
// block is not the heap's.
inline bool trace_frees(void* block, const Site& site) {
  if constexpr (kRaces) return to_clocks::frees(block, site);
  return true;
}
inline void trace_unmaps(uint64_t low, uint64_t high) {
  if constexpr (kRaces) to_clocks::unmaps(low, high);
}

// A call passed by unseen, because its thread has no record.
inline void trace_missed() {
  if constexpr (kTracing) to_file::missed();
}

// In a forked child: its trace begins with its first event. Where it inherits the record of the thread that
// forked, what that thread holds comes before.
inline void trace_after_fork() {
  if constexpr (kTracing) to_file::after_fork();
  if constexpr (kRaces) to_clocks::after_fork();
}
inline void trace_inherits() {
  if constexpr (kTracing) to_file::inherits();
}

// The process comes to a normal end; or is no longer followed, and must not make system calls.
inline void trace_process_ends() {
  if constexpr (kTracing) to_file::process_ends();
}
inline void trace_retreats() {
  if constexpr (kTracing) to_file::retreats();
  if constexpr (kRaces) to_clocks::retreats();
}

// The flight record's table of modules was read anew. In a CriticalSection.
inline void trace_takes_modules() {
  if constexpr (kTracing) to_file::takes_modules();
}

}  // namespace gordian::hooks
