// What the hooks see of the program's synchronisation, as operations on clocks: a listener of trace.h.
//
//   a lock       acquired: takes over; released: puts in its place. Readers add, and only writers take that
//   anything     notified: adds; woken: takes over. A condition orders nothing: its mutex does
//   a thread     created: knows what its creator does; joined: tells what it knew in the end
#include "runtime-hooks/race-runtime/heap.h"
#include "runtime-hooks/race-runtime/lifetime.h"
#include "runtime-hooks/race-runtime/program_site.h"
#include "runtime-hooks/race-runtime/race_report.h"
#include "runtime-hooks/race-runtime/sync.h"
#include "runtime-hooks/trace.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

using races::RaceThread;
using races::Sync;

namespace {

void give_back(uint64_t address, uint64_t word, uint64_t site) {
  RaceThread* self = races::followed();
  if (self == nullptr) return;
  Sync* sync = races::make_sync(*self, address);
  if (sync == nullptr) return;
  sync->site = site;
  races::hot.used = true;  // who ends the lock's life must know of this use
  if ((word & record::kSharedBit) != 0)
    races::release_as_reader(*self, *sync);
  else
    races::release_all(*self, *sync);
}

}  // namespace

namespace to_clocks {

void acquired(const Hold* entry) {
  const uint64_t word = entry->word;
  if (!is_traced_as_lock(record::word_kind(word))) return;
  if (races::hot.active) races::use_lock(record::word_address(word), entry->site);
  RaceThread* self = races::followed();
  if (self == nullptr) return;
  Sync* sync = races::find_sync(*self, record::word_address(word));
  if (sync == nullptr) return;
  if ((word & record::kSharedBit) != 0)
    races::acquire(*self, *sync);
  else
    races::acquire_as_writer(*self, *sync);
}

void releases(const Hold* entry) {
  give_back(record::word_address(entry->word), entry->word, entry->site);
}

void gives_back(const ThreadRecord* self, uint64_t address, ResourceKind kind) {
  if (!is_traced_as_lock(kind)) return;
  const Hold* entry = youngest(self, address << 8 | static_cast<uint64_t>(kind));
  if (entry != nullptr && record::word_status(entry->word) == HoldStatus::kHeld)
    give_back(address, entry->word, entry->site);
}

void released_without_holding(uint64_t address) {
  races::release_at(address, true);
}

void woke(const Hold* entry, uint8_t flags) {
  const ResourceKind kind = record::word_kind(entry->word);
  if (kind == ResourceKind::kCondition || kind == ResourceKind::kFutex) return;
  if ((flags & record::kTraceTimedOut) == 0) races::acquire_at(record::word_address(entry->word));
}

void notifies(ResourceKind kind, uint64_t address, uint64_t site) {
  if (kind == ResourceKind::kCondition || kind == ResourceKind::kSemaphore) races::use(address, site);
  if (kind == ResourceKind::kCondition || kind == ResourceKind::kFutex) return;
  races::release_at(address, true);
}

void found_done(uint64_t address) {
  races::acquire_at(address);
}

void fork(const ThreadRecord* created) {
  RaceThread* self = races::hot.thread;
  if (self == nullptr) return;
  if (!races::detecting) races::begin_detecting();
  if (self->slot != 0) races::prepare_child(*self, runtime.slot_of(created), created->serial);
}

void begin() {
  races::begin_thread();
  // The stack, and above it what is the thread's own, were another thread's before.
  const ThreadRecord* self = local.record;
  if (!races::detecting || self == nullptr || (self->flags & record::kThreadIsMain) != 0) return;
  constexpr uint64_t kThreadsOwn = 4096;
  const uint64_t top = self->pthread_handle;
  const bool is_above = top > self->stack_high && top - self->stack_high < (1u << 20);
  races::clear_shadow(self->stack_low, is_above ? top + kThreadsOwn : self->stack_high);
}

void end(const ThreadRecord* self) {
  RaceThread* own = races::followed();
  if (own != nullptr && (self->flags & record::kThreadDetached) == 0) {
    races::release_at(races::end_of_thread(pthread_self()), false);
  }
  races::end_thread();
}

void joined(uint64_t handle) {
  races::acquire_at(races::end_of_thread(handle));
  races::forget_sync(races::end_of_thread(handle));
}

// A fast thread is in the next round when a slow one wakes from this one: rounds take turns with two clocks.
// A third one has what all rounds have told.
void arrives(uint64_t barrier, uint32_t round, uint64_t site) {
  races::use(barrier, site);
  races::release_at(barrier, true);
  races::release_at(barrier + 8 + (round & 1) * 8, true);
}

void passed(uint64_t barrier, uint32_t round, bool by_rounds, uint64_t site) {
  // Who has not returned from it still uses it (POSIX, pthread_barrier_destroy).
  races::use(barrier, site);
  races::acquire_at(by_rounds ? barrier + 8 + (round & 1) * 8 : barrier);
}

void gone(const record::ResourceRecord& resource) {
  if (resource.kind == static_cast<uint8_t>(ResourceKind::kBarrier))
    races::forget_syncs(resource.address, resource.address + sizeof(pthread_barrier_t));
  else if (resource.kind != static_cast<uint8_t>(ResourceKind::kThread))
    races::forget_sync(resource.address);
}

bool frees(void* block, const Site& site) {
  if (races::is_early_block(block)) return false;
  if (races::hot.thread != nullptr)
    races::block_freed(block, races::detecting ? races::program_site(site) : 0);
  return true;
}

void unmaps(uint64_t low, uint64_t high) {
  if (!races::detecting || high <= low) return;
  races::clear_shadow(low, high);
  races::forget_syncs(low, high);
}

void after_fork() {
  races::detecting_after_fork();
  races::syncs_after_fork();
  races::races_after_fork();
}

void retreats() {
  races::stop_detecting();
}

// A condition may go as soon as nobody is blocked on it, though a waiter has not returned yet.
void attempt(ResourceKind kind, uint64_t address, uint64_t site) {
  if (kind == ResourceKind::kSemaphore) races::use(address, site);
}

void begins_life(uint64_t address, uint64_t site) {
  races::begin_life(address, site);
}

void ends_life(uint64_t address, uint64_t site) {
  races::end_life(address, 1, site);
}

}  // namespace to_clocks
}  // namespace gordian::hooks
