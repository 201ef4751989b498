#include "runtime-hooks/race-sampler/trap.h"

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/race-sampler/seen.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks::races {

constinit Slot slots[Breakpoints::kMostSlots] = {};
constinit uint32_t sampler_word = 0;
constinit uint64_t spent_ns = 0;
constinit uint64_t trap_count = 0;

namespace {

constexpr auto kFree = static_cast<uint32_t>(Post::kFree);
constexpr auto kFilling = static_cast<uint32_t>(Post::kFilling);
constexpr auto kPosted = static_cast<uint32_t>(Post::kPosted);

bool claim(Trap& trap) {
  uint32_t expected = kFree;
  return __atomic_compare_exchange_n(&trap.state, &expected, kFilling, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED);
}

void fill(Trap& trap, ThreadRecord* self, const Registers& registers) {
  trap.record = self;
  trap.serial = self->serial;
  trap.tid = self->tid;
  trap.at_ns = now_ns();
  trap.registers = registers;
  trap.sharing = Sharing::kNone;
  trap.hold_count = 0;
  for (uint32_t i = record::progress_depth(self->progress); i-- > 0;) {
    const Hold* entry = entry_at(self, i);
    if (entry == nullptr || record::word_status(entry->word) != HoldStatus::kHeld) continue;
    if (trap.hold_count == record::kMaxRaceHolds) break;
    trap.holds[trap.hold_count++] = entry->word;
  }
}

// Returns its ticket.
uint32_t post(Trap& trap) {
  const uint32_t ticket = ++trap.ticket;
  // Release: what was filled in is there for who sees it posted.
  __atomic_store_n(&trap.state, kPosted, __ATOMIC_RELEASE);
  wake_sampler();
  return ticket;
}

void stand(Trap& trap, uint32_t ticket) {
  const uint64_t until = now_ns() + kPatience;
  constexpr timespec kLook = {0, 10'000'000};
  while (is_posted(trap) && __atomic_load_n(&trap.ticket, __ATOMIC_RELAXED) == ticket) {
    if (now_ns() >= until) {
      uint32_t expected = kPosted;
      __atomic_compare_exchange_n(&trap.state, &expected, kFree, false, __ATOMIC_ACQ_REL, __ATOMIC_RELAXED);
      return;
    }
    kernel::futex_wait(&trap.state, kPosted, &kLook);
  }
}

void wait_for_next_round(Slot& slot, uint32_t round) {
  wake_sampler();
  constexpr timespec kLook = {0, kShortPatience};
  kernel::futex_wait(&slot.round, round, &kLook);
}

// Whether there is a reason to stand. The trap is the calling thread's own until then.
void look(Slot& slot, uint32_t round, ThreadRecord* self, const Registers& registers) {
  const uint64_t address = effective_address(slot.form, registers);
  if (!is_own_memory(*self, address) && claim(slot.hit)) {
    fill(slot.hit, self, registers);
    const bool writes = slot.form.access != record::RaceAccess::kRead;
    slot.hit.sharing = note_access(address, self->serial, writes, slot.hit.holds, slot.hit.hold_count);
    if (slot.hit.sharing != Sharing::kNone) return stand(slot.hit, post(slot.hit));
    __atomic_store_n(&slot.hit.state, kFree, __ATOMIC_RELEASE);
  }
  const uint32_t looks = __atomic_add_fetch(&slot.looks, 1, __ATOMIC_RELAXED);
  if (looks == kLooks) wake_sampler();
  if (looks >= kMostLooks) wait_for_next_round(slot, round);
}

// Whoever comes stands after its access for a moment; who comes meanwhile has met it. A third one goes on.
void join_patrol(Slot& slot, ThreadRecord* self, const Registers& registers) {
  Trap* trap = claim(slot.hit) ? &slot.hit : claim(slot.other) ? &slot.other : nullptr;
  if (trap == nullptr) {
    __atomic_fetch_add(&slot.missed, 1, __ATOMIC_RELEASE);
    return;
  }
  fill(*trap, self, registers);
  stand(*trap, post(*trap));
}

void meet_trap(Slot& slot, ThreadRecord* self, const Registers& registers) {
  const uint32_t round = __atomic_load_n(&slot.round, __ATOMIC_ACQUIRE);
  const auto phase = static_cast<Phase>(__atomic_load_n(&slot.phase, __ATOMIC_ACQUIRE));
  if (phase == Phase::kSite || phase == Phase::kLook) {
    if (registers.value[Registers::kProgramCounter] != slot.address) return;
    if (phase == Phase::kLook) return look(slot, round, self, registers);
    if (!claim(slot.hit)) return wait_for_next_round(slot, round);
    fill(slot.hit, self, registers);
    stand(slot.hit, post(slot.hit));
    return;
  }
  if (phase == Phase::kPatrol) return join_patrol(slot, self, registers);
  if (phase != Phase::kProbe && phase != Phase::kStall) return;
  if (self->tid == slot.owner) {
    if (__atomic_add_fetch(&slot.own_traps, 1, __ATOMIC_RELAXED) >= kOwnTraps)
      wait_for_next_round(slot, round);
    return;
  }
  if (!claim(slot.other)) return wait_for_next_round(slot, round);
  fill(slot.other, self, registers);
  const uint32_t ticket = post(slot.other);
  if (phase == Phase::kStall) stand(slot.other, ticket);
}

}  // namespace

void let_go(Trap& trap) {
  if (__atomic_exchange_n(&trap.state, kFree, __ATOMIC_ACQ_REL) == kPosted)
    kernel::futex_wake(&trap.state, 1);
}

bool is_own_memory(const ThreadRecord& thread, uint64_t address) {
  // Thread-local variables lie just below the thread's control block.
  constexpr uint64_t kThreadLocal = 64 << 10;
  if (address >= thread.stack_low && address < thread.stack_high) return true;
  return address + kThreadLocal >= thread.pthread_handle && address < thread.pthread_handle + 4096;
}

void begin_round(Slot& slot) {
  __atomic_fetch_add(&slot.round, 1, __ATOMIC_RELEASE);
  kernel::futex_wake(&slot.round, INT32_MAX);
}

void wake_sampler() {
  __atomic_fetch_add(&sampler_word, 1, __ATOMIC_RELEASE);
  kernel::futex_wake(&sampler_word, 1);
}

void miss_trap(uint64_t tag) {
  __atomic_fetch_add(&slots[tag % Breakpoints::kMostSlots].missed, 1, __ATOMIC_RELEASE);
}

void on_trap(uint64_t tag, uint64_t address, const Registers& registers) {
  const uint64_t begin = now_ns();
  __atomic_fetch_add(&trap_count, 1, __ATOMIC_RELAXED);
  Slot& slot = slots[tag % Breakpoints::kMostSlots];
  ThreadRecord* self = local.record;
  if (self != nullptr && __atomic_load_n(&slot.tag, __ATOMIC_ACQUIRE) == tag && slot.address == address)
    meet_trap(slot, self, registers);
  else
    miss_trap(tag);
  __atomic_fetch_add(&spent_ns, now_ns() - begin + kTrapCost, __ATOMIC_RELAXED);
}

}  // namespace gordian::hooks::races
