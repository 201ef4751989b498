#include <sys/prctl.h>

#include "runtime-hooks/modules.h"
#include "runtime-hooks/trace.h"
#include "runtime-hooks/trace/accesses.h"
#include "runtime-hooks/trace/file.h"
#include "runtime-hooks/trace/writer.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

using record::TraceEvent;
using record::TraceOp;
using to_file::Subject;
using to_file::tell;

namespace {

// Pages of code that events came from, so that the table of modules is read again when a library was loaded.
// Pages that share a bit cost a name until the process ends, and no event.
constexpr uint64_t kPageBits = uint64_t{1} << 16;
constinit uint64_t known_pages[kPageBits / 64] = {};

// What a forked child still has to say before its first event.
constinit bool inherits_record = false;

[[gnu::noinline]] void know_page(uint64_t site) {
  const uint64_t bit = site >> 12 & (kPageBits - 1);
  __atomic_fetch_or(&known_pages[bit / 64], uint64_t{1} << (bit % 64), __ATOMIC_RELAXED);
  if (runtime.has_retreated()) return;
  CriticalSection section;
  if (!trace_file.has_module(site)) refresh_modules();
}

bool is_known_page(uint64_t site) {
  const uint64_t bit = site >> 12 & (kPageBits - 1);
  return __atomic_load_n(&known_pages[bit / 64], __ATOMIC_RELAXED) >> (bit % 64) & 1;
}

void write(const ThreadRecord* self, TraceOp op, const Subject& subject, uint64_t site, uint8_t flags) {
  if (site != 0 && !is_known_page(site)) [[unlikely]]
    know_page(site);
  if constexpr (kRaces) {
    const bool is_plain_access =
        (op == TraceOp::kRead || op == TraceOp::kWrite) && (flags & record::kTraceAtomic) == 0;
    if (!is_plain_access) to_file::end_stretch();
  }
  TraceEvent* event = trace_file.claim();
  if (event == nullptr) [[unlikely]]
    return;
  event->operand = subject.operand;
  event->site = site;
  event->thread = self->serial;
  event->generation = subject.generation;
  event->size = subject.size;
  event->kind = static_cast<uint8_t>(subject.kind);
  event->flags = flags;
  __atomic_store_n(&event->op, static_cast<uint8_t>(op), __ATOMIC_RELEASE);
}

void write_begin(const ThreadRecord* self) {
  trace_file.introduce(self);
  write(self, TraceOp::kBegin, {}, 0, 0);
}

uint8_t side_and_time(uint64_t bits) {
  return (bits & record::kSharedBit ? record::kTraceShared : uint8_t{0}) |
         (bits & record::kTimedBit ? record::kTraceTimed : uint8_t{0});
}

// The child has what the thread that forked had.
void write_inherited(const ThreadRecord* self) {
  write_begin(self);
  for (uint32_t i = 0; i < record::progress_depth(self->progress); ++i) {
    const Hold* entry = entry_at(self, i);
    if (entry == nullptr || record::word_status(entry->word) != HoldStatus::kHeld) continue;
    const ResourceKind kind = record::word_kind(entry->word);
    if (!is_traced_as_lock(kind)) continue;
    write(self, TraceOp::kAcquire, {kind, record::word_address(entry->word), entry->generation}, entry->site,
          side_and_time(entry->word) | record::kTraceTry);
  }
}

[[gnu::noinline]] bool begin_file(const ThreadRecord* self, TraceOp first) {
  if (!trace_file.open()) return false;
  if (inherits_record) {
    inherits_record = false;
    if (first != TraceOp::kBegin) write_inherited(self);
  }
  return true;
}

uint32_t generation_of(const record::ResourceRecord* resource) {
  return resource != nullptr ? resource->generation : 0;
}

// The life of the address that the calling thread means: a new one where the last has ended.
Subject met(ResourceKind kind, uint64_t address, uint64_t site) {
  if (local.record == nullptr) return {};
  return {kind, address, generation_of(meet(kind, address, site))};
}

Subject thread_of(uint32_t serial) {
  return {ResourceKind::kThread, serial, 0};
}

bool holds_already(const ThreadRecord* self, uint64_t key, uint32_t generation) {
  for (uint32_t i = 0; i < record::progress_depth(self->progress); ++i) {
    const Hold* entry = entry_at(self, i);
    if (entry != nullptr && entry->word >> 8 == key && entry->generation == generation &&
        record::word_status(entry->word) == HoldStatus::kHeld)
      return true;
  }
  return false;
}

}  // namespace

namespace to_file {

void tell(TraceOp op, const Subject& subject, uint64_t site, uint8_t flags) {
  const ThreadRecord* self = local.record;
  if (self == nullptr) [[unlikely]]
    return;
  if (trace_file.is_inherited()) [[unlikely]]
    return trace_file.abandon();
  if (!trace_file.is_open() && !begin_file(self, op)) [[unlikely]]
    return;
  if (op == TraceOp::kBegin)
    write_begin(self);
  else
    write(self, op, subject, site, flags);
}

void attempt(ResourceKind kind, uint64_t address, uint64_t bits, uint64_t site) {
  const TraceOp op = is_traced_as_lock(kind) ? TraceOp::kRequest : TraceOp::kWait;
  tell(op, met(kind, address, site), site, side_and_time(bits));
}

void acquired(Hold* entry, uint8_t flags) {
  const ResourceKind kind = record::word_kind(entry->word);
  if (!is_traced_as_lock(kind)) return;
  const Subject lock = met(kind, record::word_address(entry->word), entry->site);
  entry->generation = lock.generation;
  if (holds_already(local.record, entry->word >> 8, lock.generation)) flags |= record::kTraceRecursive;
  tell(TraceOp::kAcquire, lock, entry->site, flags | side_and_time(entry->word));
}

void gives_back(const ThreadRecord* self, uint64_t address, ResourceKind kind, uint64_t site, uint8_t flags) {
  if (!is_traced_as_lock(kind)) return;
  const Hold* entry = youngest(self, address << 8 | static_cast<uint64_t>(kind));
  if (entry == nullptr) return;
  flags |= side_and_time(entry->word);
  if (record::word_status(entry->word) == HoldStatus::kHeld) {
    flags &= static_cast<uint8_t>(~record::kTraceTimed);
    tell(TraceOp::kRelease, {kind, address, entry->generation}, site, flags);
  } else {
    // Not timed, it was refused, which takes no time.
    if ((flags & record::kTraceTimed) == 0) flags |= record::kTraceTry;
    tell(TraceOp::kTryFailed, met(kind, address, site), site, flags);
  }
}

void released_without_holding(ResourceKind kind, uint64_t address, uint64_t site) {
  tell(TraceOp::kRelease, met(kind, address, site), site);
}

void try_failed(ResourceKind kind, uint64_t address, uint64_t bits, uint64_t site) {
  if (current() == nullptr) return;
  tell(TraceOp::kTryFailed, met(kind, address, site), site, side_and_time(bits) | record::kTraceTry);
}

void woke(const Hold* entry, uint8_t flags) {
  const ResourceKind kind = record::word_kind(entry->word);
  tell(TraceOp::kWake, met(kind, record::word_address(entry->word), entry->site), entry->site,
       flags | side_and_time(entry->word));
}

void notifies(ResourceKind kind, uint64_t address, uint64_t site, uint8_t flags) {
  tell(TraceOp::kNotify, met(kind, address, site), site, flags);
  // Whoever finds the variable made has no more than looked at the guard's first byte.
  if constexpr (kRaces)
    if (kind == ResourceKind::kStaticGuard) accesses_atomically(TraceOp::kWrite, address, 1, site);
}

void found_done(ResourceKind kind, uint64_t address, uint64_t site) {
  tell(TraceOp::kWake, met(kind, address, site), site);
}

void fork(const ThreadRecord* created) {
  tell(TraceOp::kFork, thread_of(created->serial), created->created_at);
}

void begin() {
  tell(TraceOp::kBegin, {}, 0);
}

void end(const ThreadRecord* self) {
  tell(TraceOp::kEnd, {}, 0);
  if (runtime.has_retreated()) return;
  char name[16] = {};
  raw_syscall(SYS_prctl, PR_GET_NAME, reinterpret_cast<long>(name));
  trace_file.rename(self->serial, name);
}

void joined(uint32_t serial, uint64_t site) {
  if (serial != 0) tell(TraceOp::kJoin, thread_of(serial), site);
}

void named(const ThreadRecord* thread) {
  trace_file.rename(thread->serial, thread->name);
}

void born(const record::ResourceRecord& resource) {
  tell(TraceOp::kInit, {static_cast<ResourceKind>(resource.kind), resource.address, resource.generation},
       resource.init_site);
}

void gone(const record::ResourceRecord& resource) {
  tell(TraceOp::kDestroy, {static_cast<ResourceKind>(resource.kind), resource.address, resource.generation},
       0);
}

void missed() {
  trace_file.count_missed();
}

void after_fork() {
  trace_file.forget();
  inherits_record = false;
}

void inherits() {
  inherits_record = true;
}

void process_ends() {
  if (!trace_file.is_open() || runtime.has_retreated()) return;
  CriticalSection section;
  refresh_modules();
  trace_file.set_ended(true);
}

void retreats() {
  trace_file.set_ended(false);
}

void takes_modules() {
  trace_file.take_modules();
}

}  // namespace to_file
}  // namespace gordian::hooks
