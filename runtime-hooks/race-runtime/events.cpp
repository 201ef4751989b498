// What the hooks see of the program's synchronisation, as operations on clocks: the functions of trace.h.
//
//   a lock       acquired: takes over; released: puts in its place. Readers add, and only writers take that
//   anything     notified: adds; woken: takes over. A condition orders nothing: its mutex does
//   a thread     created: knows what its creator does; joined: tells what it knew in the end
#include "runtime-hooks/race-runtime/heap.h"
#include "runtime-hooks/race-runtime/program_site.h"
#include "runtime-hooks/race-runtime/race_report.h"
#include "runtime-hooks/race-runtime/sync.h"
#include "runtime-hooks/trace.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

using races::RaceThread;
using races::Sync;

namespace {

RaceThread* self_if_detecting() {
  RaceThread* self = races::hot.thread;
  return races::detecting && self != nullptr && self->slot != 0 ? self : nullptr;
}

void give_back(uint64_t address, uint64_t word) {
  RaceThread* self = self_if_detecting();
  if (self == nullptr) return;
  Sync* sync = races::make_sync(*self, address);
  if (sync == nullptr) return;
  if ((word & record::kSharedBit) != 0)
    races::release_as_reader(*self, *sync);
  else
    races::release_all(*self, *sync);
}

const Hold* youngest(const ThreadRecord* self, uint64_t key) {
  for (uint32_t i = record::progress_depth(self->progress); i-- > 0;) {
    const Hold* entry = entry_at(self, i);
    if (entry != nullptr && entry->word >> 8 == key) return entry;
  }
  return nullptr;
}

}  // namespace

void trace_acquired(Hold* entry, uint8_t) {
  const uint64_t word = entry->word;
  if (!is_traced_as_lock(record::word_kind(word))) return;
  RaceThread* self = self_if_detecting();
  if (self == nullptr) return;
  Sync* sync = races::find_sync(*self, record::word_address(word));
  if (sync == nullptr) return;
  if ((word & record::kSharedBit) != 0)
    races::acquire(*self, *sync);
  else
    races::acquire_as_writer(*self, *sync);
}

void trace_releases(const Hold* entry) {
  give_back(record::word_address(entry->word), entry->word);
}

void trace_gives_back(const ThreadRecord* self, uint64_t address, ResourceKind kind, uint64_t, uint8_t) {
  if (!is_traced_as_lock(kind)) return;
  const Hold* entry = youngest(self, address << 8 | static_cast<uint64_t>(kind));
  if (entry != nullptr && record::word_status(entry->word) == HoldStatus::kHeld)
    give_back(address, entry->word);
}

void trace_released_without_holding(ResourceKind, uint64_t address, uint64_t) {
  races::release_at(address, true);
}

void trace_woke(const Hold* entry, uint8_t flags) {
  const ResourceKind kind = record::word_kind(entry->word);
  if (kind == ResourceKind::kCondition || kind == ResourceKind::kFutex) return;
  if ((flags & record::kTraceTimedOut) == 0) races::acquire_at(record::word_address(entry->word));
}

void trace_notifies(ResourceKind kind, uint64_t address, uint64_t, uint8_t) {
  if (kind == ResourceKind::kCondition || kind == ResourceKind::kFutex) return;
  races::release_at(address, true);
}

void trace_found_done(ResourceKind, uint64_t address, uint64_t) {
  races::acquire_at(address);
}

void trace_fork(const ThreadRecord* created) {
  RaceThread* self = races::hot.thread;
  if (self == nullptr) return;
  if (!races::detecting) races::begin_detecting();
  if (self->slot != 0) races::prepare_child(*self, runtime.slot_of(created), created->serial);
}

void trace_begin() {
  races::begin_thread();
  // The stack, and above it what is the thread's own, were another thread's before.
  const ThreadRecord* self = local.record;
  if (!races::detecting || self == nullptr || (self->flags & record::kThreadIsMain) != 0) return;
  constexpr uint64_t kThreadsOwn = 4096;
  const uint64_t top = self->pthread_handle;
  const bool is_above = top > self->stack_high && top - self->stack_high < (1u << 20);
  races::clear_shadow(self->stack_low, is_above ? top + kThreadsOwn : self->stack_high);
}

void trace_end(const ThreadRecord* self) {
  RaceThread* own = self_if_detecting();
  if (own != nullptr && (self->flags & record::kThreadDetached) == 0) {
    races::release_at(races::end_of_thread(self->serial), false);
  }
  races::end_thread();
}

void trace_joined(uint32_t serial, uint64_t) {
  if (serial == 0) return;
  races::acquire_at(races::end_of_thread(serial));
  races::forget_sync(races::end_of_thread(serial));
}

void trace_gone(const record::ResourceRecord& resource) {
  if (resource.kind != static_cast<uint8_t>(ResourceKind::kThread)) races::forget_sync(resource.address);
}

bool trace_frees(void* block, const Site& site) {
  if (races::is_early_block(block)) return false;
  if (races::hot.thread != nullptr)
    races::block_freed(block, races::detecting ? races::program_site(site) : 0);
  return true;
}

void trace_unmapped(uint64_t low, uint64_t high) {
  if (!races::detecting) return;
  races::clear_shadow(low, high);
  races::forget_syncs(low, high);
}

void trace_after_fork() {
  races::detecting_after_fork();
  races::syncs_after_fork();
  races::races_after_fork();
}

void trace_retreats() {
  races::stop_detecting();
}

void trace_attempt(ResourceKind, uint64_t, uint64_t, uint64_t) {}
void trace_try_failed(ResourceKind, uint64_t, uint64_t, uint64_t) {}
void trace_born(const record::ResourceRecord&) {}
void trace_named(const ThreadRecord*) {}
void trace_missed() {}
void trace_inherits() {}
void trace_process_ends() {}
void trace_takes_modules() {}

}  // namespace gordian::hooks
