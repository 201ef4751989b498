// What every hook is made of: begin, acquired, undo, release, and waiting.
//
// A thread's record is a stack of entries. `begin` pushes an attempt before the real call; `acquired` turns
// it into a hold after the call succeeded; `undo` takes it back after it failed; `release` removes a hold
// before the real release. Between them a signal handler may push and pop entries of its own: an entry is
// reserved first and filled then, so that a handler never writes over a half-made one.
//
// All of them are for the calling thread and its own record: no lock, no allocation; plain stores (release
// order, so that a reader that sees a word sees what it stands for; on x86-64 these are ordinary moves).
#pragma once

#include "runtime-hooks/arch.h"
#include "runtime-hooks/order.h"
#include "runtime-hooks/race-sampler/taken_over.h"
#include "runtime-hooks/resources.h"
#include "runtime-hooks/runtime.h"
#include "runtime-hooks/site.h"
#include "runtime-hooks/trace.h"

namespace gordian::hooks {

template <typename T>
uint64_t address_of(T* pointer) {
  return reinterpret_cast<uint64_t>(pointer);
}

Hold* begin_beyond_page(ThreadRecord* self);
bool release_deeper(ThreadRecord* self, uint64_t key);
void remove_entry(ThreadRecord* self, uint32_t index);
void trim(ThreadRecord* self);
void read_callers(const ThreadRecord* self, Hold* entry, uint64_t stack_pointer, uint64_t frame_pointer);
Hold* entry_at(const ThreadRecord* self, uint32_t index);
// The last entry, held or not, of that address << 8 | kind; null where there is none.
const Hold* youngest(const ThreadRecord* self, uint64_t key);

// A thread that ends the process waits for nothing, whatever it began and jumped out of.
void drop_attempts(ThreadRecord* self);

// A thread that ends keeps only what somebody could still wait for.
void drop_entries_without_owner(ThreadRecord* self);

// In a forked child: what lies in memory shared with the parent is still held, but by the parent.
void drop_shared_entries(ThreadRecord* self);

// Code built with frame pointers has its own frame just above; anything else is a register in other use.
[[gnu::always_inline]] inline bool has_callers(const Site& site) {
  return site.frame_pointer - site.stack_pointer < 4096;
}

// Atomic only so that the compiler does not join the two by way of memory and a vector register: the load
// would wait for both stores to reach the cache.
[[gnu::always_inline]] inline void place(Hold* entry, const Site& site) {
  __atomic_store_n(&entry->site, site.return_address, __ATOMIC_RELAXED);
  __atomic_store_n(&entry->stack_pointer, site.stack_pointer, __ATOMIC_RELAXED);
}

// Whether `begin_in_page` may take the place of `begin`: the entry fits the thread's page, and there are no
// callers to read or to erase.
[[gnu::always_inline]] inline bool is_plain(const ThreadRecord* self, const Site& site) {
  const uint32_t depth = record::progress_depth(self->progress);
  return depth < record::kInlineHolds && !has_callers(site) && self->holds[depth].caller_count == 0;
}

// `begin`, where `is_plain` holds and `is_routine` was asked (it keeps the entry's key).
[[gnu::always_inline]] inline Hold* begin_in_page(ThreadRecord* self, uint64_t address, ResourceKind kind,
                                                  uint64_t bits, const Site& site) {
  const uint64_t progress = self->progress;
  Hold* entry = in_one_register(&self->holds[record::progress_depth(progress)]);
  __atomic_store_n(&self->progress, progress + 0x10001, __ATOMIC_RELEASE);
  place(entry, site);
  __atomic_store_n(&entry->word,
                   record::make_word(address, kind, bits | static_cast<uint64_t>(HoldStatus::kAttempting)),
                   __ATOMIC_RELEASE);
  return entry;
}

// Pushes an attempt and returns its entry.
[[gnu::always_inline]] inline Hold* begin(ThreadRecord* self, uint64_t address, ResourceKind kind,
                                          uint64_t bits, const Site& site) {
  const uint64_t progress = self->progress;
  const uint32_t depth = record::progress_depth(progress);
  Hold* entry;
  const uint64_t word =
      record::make_word(address, kind, bits | static_cast<uint64_t>(HoldStatus::kAttempting));
  if (depth >= kFirstKept && depth < PrivateThread::kMostKeys) [[unlikely]]
    keep_key(self, local.own, depth, word, site.return_address);
  if (depth < record::kInlineHolds) [[likely]] {
    entry = &self->holds[depth];
    __atomic_store_n(&self->progress, progress + 0x10001, __ATOMIC_RELEASE);
  } else {
    entry = begin_beyond_page(self);
  }
  place(entry, site);
  entry->caller_count = 0;
  if (has_callers(site)) [[unlikely]]
    read_callers(self, entry, site.stack_pointer, site.frame_pointer);
  __atomic_store_n(&entry->word, word, __ATOMIC_RELEASE);
  return entry;
}

// The attempt succeeded. `trace_flags`: record::kTraceTry where it was never a request, ...
[[gnu::always_inline]] inline void acquired(Hold* entry, [[maybe_unused]] uint8_t trace_flags = 0) {
  if constexpr (kSampling) {
    const ThreadRecord* self = local.record;
    if (self != nullptr && !races::is_own_lock(entry, self)) [[unlikely]]
      trace_acquired(entry, trace_flags);
  } else if constexpr (kFollowing) {
    trace_acquired(entry, trace_flags);
  }
  // kAttempting is 1 and kHeld is 2: the same word with the status raised.
  __atomic_store_n(&entry->word, entry->word + 1, __ATOMIC_RELEASE);
}

// Removes the youngest entry of that resource; false when this thread has none. `site`: for the trace.
[[gnu::always_inline]] inline bool release(ThreadRecord* self, uint64_t address, ResourceKind kind,
                                           [[maybe_unused]] uint64_t site = 0,
                                           [[maybe_unused]] uint8_t trace_flags = 0) {
  if constexpr (kFollowing) trace_gives_back(self, address, kind, site, trace_flags);
  const uint64_t key = address << 8 | static_cast<uint64_t>(kind);
  const uint64_t progress = self->progress;
  const uint32_t depth = record::progress_depth(progress);
  if (depth - 1 < record::kInlineHolds && self->holds[depth - 1].word >> 8 == key) [[likely]] {
    __atomic_store_n(&self->holds[depth - 1].word, 0, __ATOMIC_RELEASE);
    __atomic_store_n(&self->progress, progress - 1, __ATOMIC_RELEASE);
    if (depth > 1 && self->holds[depth - 2].word == record::kSharedBit) [[unlikely]]
      trim(self);  // a hole
    return true;
  }
  return release_deeper(self, key);
}

// `release` where that entry is the youngest and nothing was released below it; else false, and nothing is
// changed.
[[gnu::always_inline]] inline bool release_top(ThreadRecord* self, uint64_t address, ResourceKind kind) {
  if constexpr (kTracing) return false;
  const uint64_t progress = self->progress;
  const uint32_t depth = record::progress_depth(progress);
  if (depth - 1 >= record::kInlineHolds) [[unlikely]]
    return false;
  Hold* entry = in_one_register(&self->holds[depth - 1]);
  if (entry->word >> 8 != (address << 8 | static_cast<uint64_t>(kind))) [[unlikely]]
    return false;
  if (depth > 1 && entry[-1].word == record::kSharedBit) [[unlikely]]
    return false;
  if constexpr (kRaces) trace_releases(entry);
  if constexpr (kSampling) {
    if (!races::is_own_lock(entry, self)) [[unlikely]]
      trace_releases(entry);
  }
  __atomic_store_n(&entry->word, 0, __ATOMIC_RELEASE);
  __atomic_store_n(&self->progress, progress - 1, __ATOMIC_RELEASE);
  return true;
}

// The attempt failed, timed out, or was never a hold.
[[gnu::always_inline]] inline void undo(ThreadRecord* self, const Hold* entry) {
  const uint64_t word = entry->word;
  if (record::progress_depth(self->progress) == 0) return;  // an entry beyond what the record can hold
  release(self, record::word_address(word), record::word_kind(word), entry->site);
}

// What a wait is, for `about_to_wait`.
struct WaitDetail {
  uint64_t second = 0;   // a condition's mutex
  uint64_t signals = 0;  // how often the resource had been signalled
};

// Tells the judges that the calling thread is going to block in its youngest attempt. `registers` are those
// of a frame that stays on the stack until the wait is over.
void about_to_wait(ThreadRecord* self, const Registers& registers, const WaitDetail& detail = {});

// Resources of which one thread at a time is the owner, so that a chain of owners can be walked.
constexpr bool has_single_owner(ResourceKind kind) {
  return kind == ResourceKind::kMutex || kind == ResourceKind::kRwlock || kind == ResourceKind::kSpin ||
         kind == ResourceKind::kOnce || kind == ResourceKind::kStaticGuard ||
         kind == ResourceKind::kStdioFile;
}

}  // namespace gordian::hooks
