// What of one thread came before what of another in every schedule: creation and join.
#include <sys/prctl.h>

#include "runtime-hooks/evidence.h"
#include "runtime-hooks/judge/kernel_wait.h"
#include "runtime-hooks/order.h"
#include "runtime-hooks/order_table.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

using record::ThreadLink;
using record::ThreadOrigin;

namespace {

constinit GrowingArea origins{record::kOriginOffset, 16u << 10};
constinit GrowingArea links{record::kLinkOffset, 16u << 10};
constinit uint32_t forks = 0;  // this process is how many forks away from the first

// Threads that have ended and can still be joined, by handle. A handle is used again only after its thread
// was joined, so that a younger thread with the same one takes its place; a place that two handles share
// keeps the later.
struct Ended {
  uint64_t handle;
  uint32_t serial;
};
constexpr uint32_t kEnded = 4096;
constinit Ended ended[kEnded] = {};

Ended& ended_place(uint64_t handle) {
  return ended[(handle >> 6) * 0x9E3779B97F4A7C15u >> 52];
}

// Segments are few, but a thread in a new one remembers nothing: what it holds stays as it is.
void begin_segment(const ThreadRecord* self, PrivateThread* own, uint32_t segment) {
  own->segment = segment;
  own->order_seed = order_seed(self->serial, segment);
  forget_keys_above(self, 0);
}

void link(uint32_t from, uint32_t from_segment, uint32_t to, uint32_t to_segment) {
  CriticalSection section;
  auto& header = runtime.header();
  const uint32_t index = header.link_count;
  if (index >= record::kMaxThreadLinks || !links.reach((uint64_t{index} + 1) * sizeof(ThreadLink))) {
    runtime.count(Unseen::kThreadOrder);
    return;
  }
  runtime.thread_link(index) = {from, from_segment, to, to_segment};
  __atomic_store_n(&header.link_count, index + 1, __ATOMIC_RELEASE);
}

// Where its origin was noted, and it asked for nothing after it had signalled.
void note_last_word(const ThreadRecord* self) {
  const PrivateThread& own = runtime.private_of(runtime.slot_of(self));
  if (own.noted_segment == 0 || own.told_last == 0 || runtime.has_retreated() ||
      self->serial > record::kMaxThreadOrigins)
    return;
  const record::ResourceRecord* resource = resources.find(ResourceKind::kMutex, own.told_under);
  ThreadOrigin& origin = runtime.thread_origin(self->serial - 1);
  if (resource == nullptr || __atomic_load_n(&origin.serial, __ATOMIC_RELAXED) != self->serial) return;
  origin.told_under_generation = resource->generation;
  __atomic_store_n(&origin.told_under, runtime.resource_index(resource) + 1, __ATOMIC_RELEASE);
}

}  // namespace

void order_release(const ThreadRecord* self, const record::ResourceRecord* resource, uint32_t round) {
  PrivateThread* own = local.own;
  if (resource == nullptr || own->sync_segments >= PrivateThread::kMostSyncSegments) return;
  ++own->sync_segments;
  link(self->serial, own->segment, record::kSyncSerial + runtime.resource_index(resource), round);
  begin_segment(self, own, own->segment + 1);
}

void order_acquire(const ThreadRecord* self, const record::ResourceRecord* resource, uint32_t round) {
  PrivateThread* own = local.own;
  if (resource == nullptr || own->sync_segments >= PrivateThread::kMostSyncSegments) return;
  ++own->sync_segments;
  link(record::kSyncSerial + runtime.resource_index(resource), round, self->serial, own->segment + 1);
  begin_segment(self, own, own->segment + 1);
}

uint64_t order_seed(uint32_t serial, uint32_t segment) {
  return (uint64_t{segment} << 32 | serial) * 0xBF58476D1CE4E5B9u + (uint64_t{forks} << 1) + 1;
}

void note_origin(const ThreadRecord* self) {
  if (runtime.has_retreated()) return;
  if (self->serial > record::kMaxThreadOrigins) {
    runtime.count(Unseen::kThreadOrder);
    return;
  }
  CriticalSection section;
  if (!origins.reach(uint64_t{self->serial} * sizeof(ThreadOrigin))) {
    runtime.count(Unseen::kThreadOrder);
    return;
  }
  ThreadOrigin& origin = runtime.thread_origin(self->serial - 1);
  origin.tid = self->tid;
  origin.creator_serial = self->creator_serial;
  origin.flags = self->flags;
  origin.start_routine = self->start_routine;
  origin.created_at = self->created_at;
  if (self->tid == kernel::thread_id())
    raw_syscall(SYS_prctl, PR_GET_NAME, reinterpret_cast<long>(origin.name));
  else
    read_thread_name(self->tid, origin.name);
  __atomic_store_n(&origin.serial, self->serial, __ATOMIC_RELEASE);
}

void order_thread_start(const ThreadRecord* self, const ThreadRecord* created) {
  PrivateThread* own = local.own;
  link(self->serial, own->segment, created->serial, 0);
  begin_segment(self, own, own->segment + 1);
}

void order_signal(const ThreadRecord* self) {
  const uint32_t depth = record::progress_depth(self->progress);
  const Hold* top = depth == 0 ? nullptr : entry_at(self, depth - 1);
  const bool holds_mutex = top != nullptr && record::word_status(top->word) == HoldStatus::kHeld &&
                           record::word_kind(top->word) == ResourceKind::kMutex;
  PrivateThread* own = local.own;
  own->told_under = holds_mutex ? record::word_address(top->word) : 0;
  own->told_attempts = record::progress_attempts(self->progress);
}

void order_routine_over() {
  const ThreadRecord* self = local.record;
  if (self == nullptr || local.own == nullptr) return;
  PrivateThread* own = local.own;
  own->told_last = own->told_under != 0 && own->told_attempts == record::progress_attempts(self->progress);
}

void order_thread_end(const ThreadRecord* self) {
  note_last_word(self);
  if (self->pthread_handle == 0) return;
  CriticalSection section;
  ended_place(self->pthread_handle) = {self->pthread_handle, self->serial};
}

uint32_t serial_of_handle(uint64_t handle) {
  if (const ThreadRecord* running = runtime.find_by_handle(handle)) return running->serial;
  const Ended& place = ended_place(handle);
  return place.handle == handle ? place.serial : 0;
}

void order_after_join(const ThreadRecord* self, uint32_t joined_serial) {
  if (joined_serial == 0) return;
  PrivateThread* own = local.own;
  link(joined_serial, UINT32_MAX, self->serial, own->segment + 1);
  begin_segment(self, own, own->segment + 1);
}

void orders_after_fork() {
  order_table.reset();
  origins.reserved = 0;
  links.reserved = 0;
  evidence_after_fork();
  order_stacks_after_fork();
  ++forks;
  if (ThreadRecord* self = local.record; self != nullptr) begin_segment(self, local.own, local.own->segment);
}

}  // namespace gordian::hooks
