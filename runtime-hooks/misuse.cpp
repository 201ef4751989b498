#include "runtime-hooks/misuse.h"

#include "runtime-hooks/lock_state.h"
#include "runtime-hooks/misuse_report.h"
#include "runtime-hooks/modules.h"
#include "runtime-hooks/parties.h"

namespace gordian::hooks {

using record::Grade;
using record::ResourceRecord;
using record::Rule;

namespace {

// With which mutex each condition was waited on last, so that not every wait looks at every other thread. Two
// conditions that share a place make each other forgotten; the next wait that differs asks again.
struct Binding {
  uint64_t condition;
  uint64_t mutex;
};
constexpr uint32_t kBindings = 4096;
constinit Binding bindings[kBindings] = {};

Misuse misuse_of(Rule rule, ResourceKind kind, uint64_t address, const Party& party) {
  Misuse misuse;
  misuse.rule = rule;
  misuse.kind = kind;
  misuse.address = address;
  misuse.party = party;
  return misuse;
}

const ResourceRecord* live_resource(ResourceKind kind, uint64_t address) {
  const ResourceRecord* resource = resources.find(kind, address);
  return resource != nullptr && (resource->flags & record::kResourceEnded) == 0 ? resource : nullptr;
}

// A mutex that processes share, and its owner is no thread that we know of. In the child of a fork the number
// may be that of any of its ancestors, who took it for the child, too.
bool is_owned_elsewhere(ResourceKind kind, const LockState& state) {
  return kind == ResourceKind::kMutex && state.process_shared && !runtime.is_forked() &&
         runtime.find_by_tid(state.owner) == nullptr;
}

// Somebody else has it; who, the primitive or the records say.
bool find_other_owner(const ThreadRecord* self, ResourceKind kind, uint64_t address, const LockState& state,
                      Misuse& misuse) {
  if (state.owner != 0) {
    if (is_own(state.owner, self)) return false;  // taken where we did not see it
    misuse.party = named_owner(kind, address, state);
    if (kind != ResourceKind::kMutex) misuse.grade = Grade::kInferred;
    if (!misuse.party.found() && is_owned_elsewhere(kind, state)) misuse.owner_tid = state.owner;
    return misuse.party.found() || misuse.owner_tid != 0;
  }
  if (kind == ResourceKind::kMutex) return false;  // between two owners
  uint32_t holds = 0;
  misuse.party = seen_holder(kind, address, &holds);
  misuse.grade = Grade::kInferred;
  // Every reader that the lock counts is known, and the caller is none of them.
  return misuse.party.found() && misuse.party.thread != self && holds >= state.readers;
}

// Who uses it now so that it must not go: its holder, or, of what has none, one who sleeps on it.
Party user_of(ResourceKind kind, uint64_t address, const LockState& state) {
  if (state.word == LockState::kTaken) return holder_of(kind, address, state);
  if (state.word == LockState::kFree && state.users != 0) return condition_waiter_with(address);
  return state.waiters != 0 ? sleeper_on(kind, address) : Party{};
}

void check_end_of_life(Rule rule, ResourceKind kind, uint64_t address, const Site& site) {
  if (live_resource(kind, address) == nullptr) return;
  const ThreadRecord* self = current();
  if (self == nullptr) return;
  const Party user = user_of(kind, address, read_lock_state(kind, address));
  if (!user.found()) return;
  if (!user.waits) note_lost_hold(kind, address);
  tell_misuse(self, misuse_of(rule, kind, address, user), site);
}

struct MemoryGoes {
  const Site& site;
  record::Ending how;
};

// By its own words first: what was a lock may long be something else, in memory that the program hands out
// itself.
void check_memory(ResourceRecord& resource, void* context) {
  const auto& goes = *static_cast<const MemoryGoes*>(context);
  const auto kind = static_cast<ResourceKind>(resource.kind);
  LockState state;
  // A block of the allocator's is mapped, all of it, and for this process alone.
  const bool is_block = goes.how == record::Ending::kFreed;
  if (is_block)
    state = read_lock_state(kind, resource.address);
  else if (!peek_lock_state(kind, resource.address, state))
    return;
  const Party user = user_of(kind, resource.address, state);
  const ThreadRecord* self = user.found() ? current() : nullptr;
  if (self == nullptr || (!is_block && in_shared_mapping(resource.address))) return;
  if (!user.waits) note_lost_hold(kind, resource.address);
  Misuse misuse = misuse_of(Rule::kDestroyWhileHeld, kind, resource.address, user);
  misuse.second = static_cast<uint64_t>(goes.how);
  if (!user.waits && state.owner == 0) misuse.grade = Grade::kInferred;
  tell_misuse(self, misuse, goes.site);
}

void check_range(uint64_t low, uint64_t high, MemoryGoes goes) {
  if (runtime.ready() && !local.finished) resources.visit_range(low, high, check_memory, &goes);
}

void check_wait_mutex(const ThreadRecord* self, uint64_t condition, uint64_t mutex, const Site& site) {
  Misuse misuse = misuse_of(Rule::kWaitWithoutMutex, ResourceKind::kCondition, condition, {});
  misuse.second_kind = ResourceKind::kMutex;
  misuse.second = mutex;
  const LockState state = read_lock_state(ResourceKind::kMutex, mutex);
  if (state.word == LockState::kFree || find_other_owner(self, ResourceKind::kMutex, mutex, state, misuse))
    tell_misuse(self, misuse, site);
}

void check_binding(const ThreadRecord* self, uint64_t condition, uint64_t mutex, const Hold& own,
                   const Site& site) {
  Binding& binding = bindings[(condition * 0x9E3779B97F4A7C15u >> 40) % kBindings];
  const bool is_known = __atomic_load_n(&binding.condition, __ATOMIC_RELAXED) == condition;
  if (is_known && __atomic_load_n(&binding.mutex, __ATOMIC_RELAXED) == mutex) return;
  __atomic_store_n(&binding.condition, condition, __ATOMIC_RELAXED);
  __atomic_store_n(&binding.mutex, mutex, __ATOMIC_RELAXED);
  if (!is_known) return;
  const Party sleeper = sleeper_on(ResourceKind::kCondition, condition, mutex);
  if (!sleeper.found()) return;
  Misuse misuse = misuse_of(Rule::kConditionMutexMismatch, ResourceKind::kCondition, condition, sleeper);
  misuse.second_kind = ResourceKind::kMutex;
  misuse.second = sleeper.second;
  misuse.own_hold = own;
  tell_misuse(self, misuse, site);
}

// What the primitive says of a hold that is left over. A robust mutex is made for that.
bool is_left_held(const ThreadRecord* self, ResourceKind kind, uint64_t address, Grade& grade) {
  LockState state;
  if (!peek_lock_state(kind, address, state) || state.word != LockState::kTaken || state.robust) return false;
  grade = Grade::kProven;
  if (state.owner != 0) return state.owner == self->tid;
  grade = Grade::kInferred;
  const ResourceRecord* resource = live_resource(kind, address);
  return kind != ResourceKind::kMutex && !runtime.is_forked() && resource != nullptr &&
         (resource->flags & record::kResourceReleasedByOther) == 0 && !may_be_lost(kind, address);
}

}  // namespace

void check_release(const ThreadRecord* self, ResourceKind kind, uint64_t address, const Site& site) {
  const LockState state = read_lock_state(kind, address);
  Misuse misuse = misuse_of(Rule::kUnlockNotHeld, kind, address, {});
  if (state.word == LockState::kTaken) {
    misuse.rule = Rule::kUnlockNotOwner;
    if (!find_other_owner(self, kind, address, state, misuse)) return;
  } else if (state.word != LockState::kFree) {
    return;
  }
  tell_misuse(self, misuse, site);
}

void check_destroy(ResourceKind kind, uint64_t address, const Site& site) {
  if constexpr (kRaces) trace_ends_life(address, site.return_address);
  check_end_of_life(Rule::kDestroyWhileHeld, kind, address, site);
}

void check_init(ResourceKind kind, uint64_t address, const Site& site) {
  if constexpr (kRaces) trace_begins_life(address, site.return_address);
  check_end_of_life(Rule::kInitWhileHeld, kind, address, site);
}

void check_freed(uint64_t low, uint64_t high, const Site& site) {
  check_range(low, high, {site, record::Ending::kFreed});
}

void check_unmapped(uint64_t low, uint64_t high, const Site& site) {
  check_range(low, high, {site, record::Ending::kUnmapped});
}

void check_condition_wait(const ThreadRecord* self, uint64_t condition, uint64_t mutex, const Site& site) {
  Hold own{};
  if (!copy_hold(*self, ResourceKind::kMutex, mutex, own)) check_wait_mutex(self, condition, mutex, site);
  check_binding(self, condition, mutex, own, site);
}

void check_thread_end(const ThreadRecord* self) {
  for (uint32_t i = 0; i < record::progress_depth(self->progress); ++i) {
    const Hold* entry = entry_at(self, i);
    if (entry == nullptr || record::word_status(entry->word) != HoldStatus::kHeld) continue;
    const ResourceKind kind = record::word_kind(entry->word);
    const uint64_t address = record::word_address(entry->word);
    if (kind != ResourceKind::kMutex && kind != ResourceKind::kRwlock && kind != ResourceKind::kSpin)
      continue;
    Misuse misuse = misuse_of(Rule::kLockHeldAtExit, kind, address, {self, *entry});
    if (is_left_held(self, kind, address, misuse.grade))
      tell_misuse(self, misuse, {entry->site, entry->stack_pointer, 0});
  }
}

}  // namespace gordian::hooks
