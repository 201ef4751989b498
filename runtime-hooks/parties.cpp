#include "runtime-hooks/parties.h"

#include <pthread.h>

#include "runtime-hooks/judge/collect.h"
#include "runtime-hooks/judge/kernel_wait.h"
#include "runtime-hooks/modules.h"
#include "runtime-hooks/resources.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

using record::ThreadState;

namespace {

// Where the futex words of a primitive end: none is longer (glibc's pthread_cond_t has 48 bytes, its barrier
// 32).
constexpr uint64_t kConditionSize = sizeof(pthread_cond_t);
constexpr uint64_t kOtherSize = 32;

// A set that forgets nothing; an address that shares its bit with a lost one is taken for lost, too.
constexpr uint64_t kLostBits = 4096;
constinit uint64_t lost[kLostBits / 64] = {};

bool is_live(const ThreadRecord& thread) {
  return __atomic_load_n(&thread.state, __ATOMIC_ACQUIRE) == static_cast<uint32_t>(ThreadState::kLive);
}

uint64_t key_of(ResourceKind kind, uint64_t address) {
  return address << 8 | static_cast<uint64_t>(kind);
}

// The top entry, when the thread is in one and the same attempt before and after it was copied.
bool copy_attempt(const ThreadRecord& thread, Party& party) {
  uint64_t progress = 0;
  uint64_t word = 0;
  if (!is_live(thread) || !attempting(thread, progress, word)) return false;
  party.entry = *entry_at(&thread, record::progress_depth(progress) - 1);
  const bool is_told =
      __atomic_load_n(&thread.wait_attempt, __ATOMIC_ACQUIRE) == record::progress_attempts(progress);
  party.second = is_told ? thread.wait_second : 0;
  party.thread = &thread;
  party.waits = true;
  return is_told && party.entry.word == word &&
         __atomic_load_n(&thread.progress, __ATOMIC_ACQUIRE) == progress;
}

bool sleeps_in(const ThreadRecord& thread, uint64_t address, uint64_t size) {
  const KernelWait kernel = kernel_wait(thread.tid);
  return kernel.known && kernel.exists && kernel.in_futex && kernel.futex_word >= address &&
         kernel.futex_word < address + size;
}

// Asked before and after the kernel was: a thread that was signalled in between may have been asleep for the
// last time.
bool is_unsignalled(const ThreadRecord& thread, const record::ResourceRecord* condition) {
  return condition != nullptr &&
         __atomic_load_n(&condition->signals, __ATOMIC_ACQUIRE) == static_cast<uint32_t>(thread.wait_signals);
}

// The signals of other processes are not counted.
bool may_be_woken_from_elsewhere(ResourceKind kind, uint64_t address) {
  const auto* resource = resources.find(kind, address);
  if (resource != nullptr && (resource->flags & record::kResourceProcessShared) != 0) return true;
  return in_shared_mapping(address);
}

bool is_asleep_on(const Party& party, ResourceKind kind, uint64_t address) {
  const ThreadRecord& thread = *party.thread;
  const uint64_t progress = __atomic_load_n(&thread.progress, __ATOMIC_ACQUIRE);
  if (kind != ResourceKind::kCondition) {
    LockState state;
    return sleeps_in(thread, address, kOtherSize) && peek_lock_state(kind, address, state) &&
           state.waiters != 0 && __atomic_load_n(&thread.progress, __ATOMIC_ACQUIRE) == progress;
  }
  const auto* condition = resources.find(kind, address);
  return is_unsignalled(thread, condition) && sleeps_in(thread, address, kConditionSize) &&
         is_unsignalled(thread, condition) && __atomic_load_n(&thread.progress, __ATOMIC_ACQUIRE) == progress;
}

// A lock that readers or its owner took several times has as many holds.
uint32_t count_holds(const ThreadRecord& thread, uint64_t key) {
  uint32_t holds = 0;
  const uint32_t depth = record::progress_depth(__atomic_load_n(&thread.progress, __ATOMIC_ACQUIRE));
  for (uint32_t i = 0; i < depth; ++i) {
    const Hold* entry = entry_at(&thread, i);
    if (entry == nullptr) continue;
    const uint64_t word = __atomic_load_n(&entry->word, __ATOMIC_ACQUIRE);
    if (word >> 8 == key && record::word_status(word) == HoldStatus::kHeld) ++holds;
  }
  return holds;
}

template <typename Matches>
Party find_attempt(Matches matches) {
  const uint32_t slots = runtime.thread_slots();
  for (uint32_t slot = 0; slot < slots; ++slot) {
    Party party;
    if (copy_attempt(runtime.thread(slot), party) && matches(party)) return party;
  }
  return {};
}

}  // namespace

bool is_own(uint32_t owner, const ThreadRecord* self) {
  return owner == self->tid || (self->tid_before_fork != 0 && owner == self->tid_before_fork);
}

void note_lost_hold(ResourceKind kind, uint64_t address) {
  const uint64_t bit = key_of(kind, address) * 0x9E3779B97F4A7C15u >> 52;
  __atomic_fetch_or(&lost[bit / 64], uint64_t{1} << bit % 64, __ATOMIC_RELAXED);
}

bool may_be_lost(ResourceKind kind, uint64_t address) {
  const uint64_t bit = key_of(kind, address) * 0x9E3779B97F4A7C15u >> 52;
  return (__atomic_load_n(&lost[bit / 64], __ATOMIC_RELAXED) >> bit % 64 & 1) != 0;
}

bool copy_hold(const ThreadRecord& thread, ResourceKind kind, uint64_t address, Hold& out) {
  const uint32_t depth = record::progress_depth(__atomic_load_n(&thread.progress, __ATOMIC_ACQUIRE));
  for (uint32_t i = depth; i-- > 0;) {
    const Hold* entry = entry_at(&thread, i);
    if (entry == nullptr) continue;
    const uint64_t word = __atomic_load_n(&entry->word, __ATOMIC_ACQUIRE);
    if (word >> 8 != key_of(kind, address) || record::word_status(word) != HoldStatus::kHeld) continue;
    out = *entry;
    if (__atomic_load_n(&entry->word, __ATOMIC_ACQUIRE) == word && out.word == word) return true;
  }
  return false;
}

Party named_owner(ResourceKind kind, uint64_t address, const LockState& state) {
  const ThreadRecord* owner = state.owner != 0 ? runtime.find_by_tid(state.owner) : nullptr;
  Party party;
  if (owner == nullptr || owner->tid != state.owner || !is_live(*owner)) return {};
  if (!copy_hold(*owner, kind, address, party.entry)) return {};
  party.thread = owner;
  // It had it before and after its record was read.
  LockState again;
  return peek_lock_state(kind, address, again) && again.owner == state.owner ? party : Party{};
}

Party seen_holder(ResourceKind kind, uint64_t address, uint32_t* count) {
  Party first;
  uint32_t holds = 0;
  const auto* resource = resources.find(kind, address);
  // Where others gave it back, the records of those who took it are not to be relied on.
  const bool is_reliable = resource != nullptr && (resource->flags & record::kResourceReleasedByOther) == 0 &&
                           !runtime.is_forked() && !may_be_lost(kind, address);
  for (uint32_t slot = 0; is_reliable && slot < runtime.thread_slots(); ++slot) {
    const ThreadRecord& thread = runtime.thread(slot);
    Hold entry;
    if (!is_live(thread) || !copy_hold(thread, kind, address, entry)) continue;
    holds += count_holds(thread, key_of(kind, address));
    if (!first.found()) {
      first.thread = &thread;
      first.entry = entry;
    }
  }
  if (count != nullptr) *count = holds;
  return first;
}

Party holder_of(ResourceKind kind, uint64_t address, const LockState& state) {
  if (state.word != LockState::kTaken) return {};
  const bool names_owner = kind == ResourceKind::kMutex || state.owner != 0;
  return names_owner ? named_owner(kind, address, state) : seen_holder(kind, address);
}

Party sleeper_on(ResourceKind kind, uint64_t address, uint64_t other_than) {
  Party sleeper = find_attempt([&](const Party& party) {
    return party.entry.word >> 8 == key_of(kind, address) &&
           (other_than == 0 || (party.second != 0 && party.second != other_than)) &&
           is_asleep_on(party, kind, address);
  });
  if (sleeper.found() && may_be_woken_from_elsewhere(kind, address)) return {};
  return sleeper;
}

Party condition_waiter_with(uint64_t mutex) {
  return find_attempt([&](const Party& party) {
    return party.second == mutex && record::word_kind(party.entry.word) == ResourceKind::kCondition;
  });
}

}  // namespace gordian::hooks
