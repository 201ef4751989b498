#include "runtime-hooks/judge/collect.h"

#include <algorithm>

#include "runtime-hooks/judge/kernel_wait.h"
#include "runtime-hooks/modules.h"
#include "runtime-hooks/race-sampler/sampler.h"
#include "runtime-hooks/resources.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

using model::ResourceKey;
using model::Snapshot;
using model::Thread;
using record::ThreadState;

namespace {

uint64_t load(const uint64_t& field) {
  return __atomic_load_n(&field, __ATOMIC_ACQUIRE);
}

// Entries of one-time routines and static initialisers that an exception has left: their frame lies below a
// live one.
bool was_unwound(const Hold& entry, const Hold& top) {
  const auto kind = record::word_kind(entry.word);
  return (kind == ResourceKind::kOnce || kind == ResourceKind::kStaticGuard) &&
         entry.stack_pointer < top.stack_pointer && top.stack_pointer - entry.stack_pointer < (8u << 20);
}

ResourceKey key_of(uint64_t word) {
  return {record::word_kind(word), record::word_address(word)};
}

// A semaphore that is a signal is held by nobody, and neither is one that was destroyed and made again since.
bool is_signal(const Hold& entry) {
  const ResourceKey key = key_of(entry.word);
  if (key.kind != ResourceKind::kSemaphore) return false;
  const auto* resource = resources.find(key.kind, key.address);
  if (resource == nullptr) return false;
  const bool earlier_life = entry.generation != 0 && entry.generation != resource->generation;
  return earlier_life || resource->usage == static_cast<uint8_t>(record::Usage::kSignal);
}

void read_holds(const ThreadRecord& record, uint32_t depth, Thread& thread) {
  const Hold* top = depth > 0 ? entry_at(&record, depth - 1) : nullptr;
  for (uint32_t i = 0; i < depth; ++i) {
    const Hold* entry = entry_at(&record, i);
    if (entry == nullptr || top == nullptr) continue;
    const Hold copy = *entry;
    if (record::word_status(copy.word) != HoldStatus::kHeld || was_unwound(copy, *top) || is_signal(copy))
      continue;
    model::Hold hold;
    hold.resource = key_of(copy.word);
    hold.shared = (copy.word & record::kSharedBit) != 0;
    hold.site = copy.site;
    hold.stack_pointer = copy.stack_pointer;
    hold.depth = i;
    thread.holds.push_back(hold);
  }
}

void read_wait(const ThreadRecord& record, uint64_t word, uint64_t site, Thread& thread) {
  thread.waiting = true;
  model::Wait& wait = thread.wait;
  wait.resource = key_of(word);
  wait.shared = (word & record::kSharedBit) != 0;
  wait.timed = (word & record::kTimedBit) != 0;
  wait.process_shared = (word & record::kProcessSharedBit) != 0;
  wait.site = site;
  if (load(record.wait_attempt) == record::progress_attempts(thread.progress)) {
    wait.second = record.wait_second;
    wait.since_ns = record.wait_since_ns;
    wait.signals_before = record.wait_signals;
  }
}

void add_resource(Snapshot& snapshot, const ResourceKey& key) {
  if (key.kind == ResourceKind::kThread) return;
  const auto* known = resources.find(key.kind, key.address);
  if (known == nullptr || (known->flags & record::kResourceEnded)) return;
  model::Resource resource;
  resource.key = key;
  resource.usage = static_cast<record::Usage>(known->usage);
  resource.process_shared = (known->flags & record::kResourceProcessShared) != 0;
  resource.many_signallers = (known->flags & record::kResourceManySignallers) != 0;
  resource.released_by_other = (known->flags & record::kResourceReleasedByOther) != 0;
  resource.initial_value = known->initial_value;
  resource.signals = known->signals;
  resource.wakes = known->wakes;
  for (uint32_t serial : known->signallers)
    if (serial != 0) resource.signallers.push_back(serial);
  snapshot.resources.push_back(std::move(resource));
}

void add_resources(Snapshot& snapshot) {
  for (const Thread& thread : snapshot.threads)
    if (thread.waiting) add_resource(snapshot, thread.wait.resource);
  std::sort(snapshot.resources.begin(), snapshot.resources.end(),
            [](const auto& a, const auto& b) { return a.key < b.key; });
  auto same = std::unique(snapshot.resources.begin(), snapshot.resources.end(),
                          [](const auto& a, const auto& b) { return a.key == b.key; });
  snapshot.resources.erase(same, snapshot.resources.end());
}

// A woken condition wait looks for its mutex inside glibc; the kernel knows which of the two it sleeps on.
// Asked only where it matters: when somebody else who waits holds that mutex.
void find_reacquisitions(Snapshot& snapshot) {
  for (Thread& thread : snapshot.threads) {
    if (!thread.waiting || thread.wait.resource.kind != ResourceKind::kCondition || thread.wait.second == 0)
      continue;
    const ResourceKey mutex{ResourceKind::kMutex, thread.wait.second};
    const bool contended =
        std::any_of(snapshot.threads.begin(), snapshot.threads.end(), [&](const Thread& other) {
          return other.waiting &&
                 std::any_of(other.holds.begin(), other.holds.end(),
                             [&](const model::Hold& hold) { return hold.resource == mutex; });
        });
    if (!contended) continue;
    const KernelWait kernel = kernel_wait(thread.tid);
    if (!kernel.in_futex || kernel.futex_word != thread.wait.second) continue;
    thread.wait.resource = mutex;
    thread.wait.timed = false;  // the time limit is for the condition; the mutex is taken without one
    thread.wait.reacquiring = true;
  }
}

// What in the child of a fork the record could not know any more: the primitive itself names an owner that
// did not come along.
void find_left_behind_owners(Snapshot& snapshot) {
  if (!runtime.is_forked()) return;
  for (size_t i = 0; i < snapshot.threads.size(); ++i) {
    if (!snapshot.threads[i].waiting || snapshot.threads[i].wait.resource.kind != ResourceKind::kMutex)
      continue;
    const ResourceKey key = snapshot.threads[i].wait.resource;
    uint32_t words[3];
    if (!kernel::peek(key.address, words, sizeof(words)) || words[0] == 0) continue;
    for (Thread& other : snapshot.threads) {
      const bool known = std::any_of(other.holds.begin(), other.holds.end(),
                                     [&](const model::Hold& hold) { return hold.resource == key; });
      if (known || other.state != ThreadState::kLeftBehindByFork || other.tid != words[2]) continue;
      model::Hold hold;
      hold.resource = key;
      other.holds.push_back(hold);
    }
  }
}

}  // namespace

bool attempting(const ThreadRecord& thread, uint64_t& progress, uint64_t& word) {
  progress = load(thread.progress);
  const uint32_t depth = record::progress_depth(progress);
  const Hold* top = depth > 0 ? entry_at(&thread, depth - 1) : nullptr;
  if (top == nullptr) return false;
  word = load(top->word);
  return record::word_status(word) == HoldStatus::kAttempting && load(thread.progress) == progress;
}

Snapshot collect(IsLasting is_lasting) {
  Snapshot snapshot;
  snapshot.now_ns = now_ns();
  const uint32_t slots = runtime.thread_slots();
  snapshot.threads.reserve(slots);
  uint32_t live = 0;
  bool all_waiting = true;
  for (uint32_t slot = 0; slot < slots; ++slot) {
    const ThreadRecord& record = runtime.thread(slot);
    const auto state = static_cast<ThreadState>(__atomic_load_n(&record.state, __ATOMIC_ACQUIRE));
    if (state == ThreadState::kFree) continue;
    Thread thread;
    thread.slot = slot;
    thread.serial = record.serial;
    thread.tid = record.tid;
    thread.tid_before_fork = record.tid_before_fork;
    thread.state = state;
    uint64_t word = 0;
    const bool attempts = attempting(record, thread.progress, word);
    const uint32_t depth = record::progress_depth(thread.progress);
    read_holds(record, depth, thread);
    if (thread.live()) {
      ++live;
      const Hold* top = attempts ? entry_at(&record, depth - 1) : nullptr;
      if (top != nullptr && is_lasting(slot, thread.progress)) read_wait(record, word, top->site, thread);
      all_waiting = all_waiting && thread.waiting;
    }
    // Moved while it was read: what was read of it is worth nothing, and it is running anyway.
    if (load(record.progress) != thread.progress) {
      thread.waiting = false;
      thread.holds.clear();
      all_waiting = false;
    }
    snapshot.threads.push_back(std::move(thread));
  }
  // Only where every thread waits does it matter who else there is.
  if (all_waiting && live > 0) {
    const uint32_t counted = kernel_thread_count();
    // A first thread that has ended is counted until the others have, too.
    const bool first_ended = std::none_of(
        snapshot.threads.begin(), snapshot.threads.end(),
        [](const Thread& thread) { return thread.live() && thread.tid == runtime.header().pid; });
    const uint32_t ours = live + (runtime.header().judge_tid != 0 ? 1 : 0) + (first_ended ? 1 : 0) +
                          (kSampling ? races_threads() : 0);
    snapshot.outside.unknown_threads = counted > ours ? counted - ours : 0;
    snapshot.outside.signal_handlers = signal_handler_count();
    // libstdc++ waits with the shared form of the call on private memory; whether another process can wake
    // it, the mapping tells.
    for (Thread& thread : snapshot.threads)
      if (thread.waiting && thread.wait.process_shared)
        thread.wait.process_shared = in_shared_mapping(thread.wait.resource.address);
  }
  snapshot.owners_change = runtime.header().unseen[static_cast<uint32_t>(Unseen::kUnmatchedRelease)] != 0;
  find_reacquisitions(snapshot);
  find_left_behind_owners(snapshot);
  add_resources(snapshot);
  return snapshot;
}

}  // namespace gordian::hooks
