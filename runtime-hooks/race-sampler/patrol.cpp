#include "runtime-hooks/race-sampler/hunt.h"

#include <algorithm>

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/race-sampler/seen.h"
#include "runtime-hooks/race-sampler/sync_memory.h"

namespace gordian::hooks::races {

namespace {

constexpr uint64_t kBetweenPatrols = 100'000'000;
constexpr uint32_t kMostAccesses = 64;
constexpr uint64_t kMostStanding = 16'000'000;  // of all in one patrol: sites want their share, too

}  // namespace

bool Hunt::begin_patrol(uint32_t index, uint64_t now) {
  if (is_patrolling_ || now < patrol_again_at_) return false;
  const uint32_t suspect = suspects_.next(now);
  if (suspect == Suspects::kNone) return false;
  suspects_.lose_turn(suspect);
  choice_.give_back(index);
  Work& work = work_[index];
  work.suspect = suspect;
  work.accesses = 0;
  work.watched = static_cast<uint8_t>(suspects_.length(suspect));
  work.patrol_began = now;
  work.patience = kMostStanding;
  work.patrol_ends = work.until = now + suspects_.watch_ns(suspect);
  is_patrolling_ = true;
  ++numbers.patrols;
  place(index, Phase::kPatrol, BreakOn::kAccess, suspects_.address(suspect), work.watched);
  return true;
}

void Hunt::see_on_patrol(Work& work, const Slot& slot, const Trap& trap) {
  ++work.accesses;
  const uint32_t missed = __atomic_load_n(&slot.missed, __ATOMIC_ACQUIRE);
  if (missed != work.missed) suspects_.lose_turn(work.suspect);
  work.missed = missed;
  const Access access = access_after(trap, suspects_.address(work.suspect), work.watched);
  suspects_.see(work.suspect, map_, access);
}

// Two stand just after their accesses, and have done nothing since.
void Hunt::tell_on_patrol(const Work& work, const Slot& slot) {
  const uint64_t address = suspects_.address(work.suspect);
  if (slot.hit.serial == slot.other.serial ||
      share_lock(slot.hit.holds, slot.hit.hold_count, slot.other.holds, slot.other.hold_count) ||
      is_sync_memory(address, work.watched))
    return;
  const Access first = access_after(slot.hit, address, work.watched);
  const Access second = access_after(slot.other, address, work.watched);
  if (first.instruction == 0 || second.instruction == 0) return;
  if (!does_write(first.form) && !does_write(second.form)) return;
  uint64_t value = 0;
  const bool is_same = kernel::peek(address, &value, work.watched) && value == work.value;
  const Verdict verdict = judge_pair(map_, first, second);
  if (!is_posted(slot.hit) || !is_posted(slot.other)) return;
  ++numbers.caught;
  if (!tell_pair(second, first, verdict, is_same && does_write(second.form), !is_same)) return;
  note_told(first);
  note_told(second);
}

void Hunt::look_at_patrol(uint32_t index, uint64_t now) {
  Work& work = work_[index];
  Slot& slot = slots[index];
  if (is_posted(slot.hit) && !work.has_hit) {
    work.has_hit = true;
    const uint64_t stand = std::min(suspects_.stand_ns(work.suspect), work.patience);
    work.patience -= stand;
    work.until = now + stand;
    work.value = 0;
    kernel::peek(suspects_.address(work.suspect), &work.value, work.watched);
    see_on_patrol(work, slot, slot.hit);
  }
  if (is_posted(slot.other)) {
    see_on_patrol(work, slot, slot.other);
    if (work.has_hit) tell_on_patrol(work, slot);
    work.until = now;
  }
  if (now >= work.patrol_ends || work.accesses >= kMostAccesses) return end_patrol(index, now);
  if (work.has_hit && now < work.until && is_posted(slot.hit)) return;
  let_go(slot.hit);
  let_go(slot.other);
  work.has_hit = false;
  work.until = work.patrol_ends;
}

void Hunt::end_patrol(uint32_t index, uint64_t now) {
  Work& work = work_[index];
  suspects_.watched(work.suspect, now, work.accesses);
  work.suspect = Suspects::kNone;
  is_patrolling_ = false;
  patrol_again_at_ = now + std::max(kBetweenPatrols, now - work.patrol_began);
  end_watch(index, now);
}

}  // namespace gordian::hooks::races
