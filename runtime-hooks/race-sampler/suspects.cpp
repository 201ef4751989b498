#include "runtime-hooks/race-sampler/suspects.h"

#include <algorithm>

#include "runtime-hooks/race-sampler/seen.h"
#include "runtime-hooks/race-sampler/taken_over.h"

namespace gordian::hooks::races {

namespace {

constexpr uint32_t kEachWay =
    2;  // how often a pair has to count in each direction, and each side to come again
constexpr uint64_t kAgain = 500'000'000;
constexpr uint32_t kMostIdle = 5;
constexpr uint32_t kFew = 8;    // so few in one watch: a longer one tells more
constexpr uint32_t kBusy = 32;  // so many accesses in one watch: threads that meet that often are caught

bool holds(const uint64_t* locks, uint32_t count, uint64_t lock) {
  return std::any_of(locks, locks + count, [&](uint64_t each) { return each >> 8 == lock >> 8; });
}

}  // namespace

void Suspects::note(uint64_t address, uint32_t length) {
  const auto known = [&](const Suspect& suspect) { return suspect.address >> 3 == address >> 3; };
  if (std::any_of(std::begin(suspects_), std::end(suspects_), known)) return;
  Suspect& suspect = suspects_[oldest_];
  oldest_ = (oldest_ + 1) % kMost;
  suspect = {};
  suspect.address = address;
  suspect.length = length;
}

uint32_t Suspects::next(uint64_t now) {
  for (uint32_t tried = 0; tried < kMost; ++tried) {
    next_ = (next_ + 1) % kMost;
    if (suspects_[next_].address != 0 && now >= suspects_[next_].again_at) return next_;
  }
  return kNone;
}

void Suspects::watched(uint32_t which, uint64_t now, uint32_t accesses) {
  Suspect& suspect = suspects_[which];
  const bool is_useful = accesses > 1 && accesses < kBusy;
  if (accesses < kFew) suspect.calm = std::min(suspect.calm + 1, kMostCalm);
  if (accesses >= kBusy) suspect.calm = 0;
  suspect.idle = is_useful ? 0 : std::min(suspect.idle + 1, kMostIdle);
  suspect.again_at = now + (kAgain << suspect.idle);
}

void Suspects::see(uint32_t which, const CodeMap& map, const Access& access) {
  Suspect& suspect = suspects_[which];
  const Trap& trap = *access.trap;
  // A thread with more locks than fit may hold any.
  if (access.instruction == 0 || trap.hold_count == record::kMaxRaceHolds) return lose_turn(which);
  Event now{};
  now.serial = trap.serial;
  now.writes = does_write(access.form);
  now.at_ns = trap.at_ns;
  now.instruction = access.instruction;
  now.attempts = record::progress_attempts(trap.record->progress);
  now.lock_count = trap.hold_count;
  std::copy_n(trap.holds, trap.hold_count, now.locks);
  take_turn(suspect, now);
  Event* own = nullptr;
  for (Event& before : suspect.events) {
    if (before.serial == trap.serial) own = &before;
    if (before.serial != 0 && before.serial != trap.serial) compare(suspect, map, before, now, access);
  }
  if (own == nullptr) {
    own = &suspect.events[suspect.next_event];
    suspect.next_event = (suspect.next_event + 1) % kThreads;
  }
  *own = now;
}

// Whether the thread did the same before in this turn.
void Suspects::take_turn(Suspect& suspect, const Event& now) {
  if (suspect.turn != now.serial) suspect.turn_count = 0;
  suspect.turn = now.serial;
  const auto is_same = [&](const Event& before) { return before.instruction == now.instruction; };
  Event* end = suspect.turns + suspect.turn_count;
  Event* before = std::find_if(suspect.turns, end, is_same);
  if (before == end) {
    if (suspect.turn_count < kThreads) suspect.turns[suspect.turn_count++] = now;
    return;
  }
  const bool is_another_section = before->attempts != now.attempts;
  *before = now;
  for (uint32_t i = 0; i < suspect.pair_count; ++i) {
    Pair& pair = suspect.pairs[i];
    if (pair.instruction[kOther] == now.instruction && now.lock_count == 0) ++pair.came_again[kOther];
    if (pair.instruction[kGuarded] == now.instruction && now.lock_count != 0 && is_another_section)
      ++pair.came_again[kGuarded];
    // Where both take locks, they are told apart by the instruction alone.
    if (pair.instruction[kOther] == now.instruction && now.lock_count != 0 && is_another_section)
      ++pair.came_again[kOther];
  }
}

// The guarded one is the one with a lock; where both have some, the one at the lower address.
void Suspects::compare(Suspect& suspect, const CodeMap& map, const Event& before, const Event& now,
                       const Access& access) {
  if (!before.writes && !now.writes) return;
  const bool is_before_guarded = before.lock_count != 0 && now.lock_count != 0
                                     ? before.instruction <= now.instruction
                                     : before.lock_count != 0;
  const Event& guarded = is_before_guarded ? before : now;
  const Event& other = is_before_guarded ? now : before;
  if (share_lock(before.locks, before.lock_count, now.locks, now.lock_count)) {
    for (Pair& pair : suspect.pairs)
      pair.is_refuted = pair.is_refuted || (pair.instruction[kGuarded] == guarded.instruction &&
                                            pair.instruction[kOther] == other.instruction);
    return;
  }
  if (guarded.lock_count == 0 || taken_over_at(*access.trap->record) >= before.at_ns) return;
  Pair* pair = pair_of(suspect, guarded, other);
  if (pair == nullptr) return;
  ++pair->came_first[is_before_guarded ? kGuarded : kOther];
  const Role role = is_before_guarded ? kOther : kGuarded;
  if (!pair->has_side[role]) {
    describe_access(access, pair->side[role]);
    pair->has_side[role] = true;
  }
  bool is_enough = true;
  for (const Role each : {kGuarded, kOther})
    is_enough = is_enough && pair->came_first[each] >= kEachWay && pair->came_again[each] >= kEachWay;
  if (is_enough && !pair->is_refuted && !pair->is_told) tell(*pair, map, suspect.address);
}

// With what it learns of the locks.
Suspects::Pair* Suspects::pair_of(Suspect& suspect, const Event& guarded, const Event& other) {
  Pair* pair = nullptr;
  for (uint32_t i = 0; i < suspect.pair_count && pair == nullptr; ++i) {
    Pair& each = suspect.pairs[i];
    if (each.instruction[kGuarded] == guarded.instruction && each.instruction[kOther] == other.instruction)
      pair = &each;
  }
  if (pair == nullptr) {
    if (suspect.pair_count == kPairs) return nullptr;
    pair = &suspect.pairs[suspect.pair_count++];
    pair->instruction[kGuarded] = guarded.instruction;
    pair->instruction[kOther] = other.instruction;
    pair->lock_count = guarded.lock_count;
    std::copy_n(guarded.locks, guarded.lock_count, pair->locks);
  }
  uint64_t* end = std::remove_if(pair->locks, pair->locks + pair->lock_count, [&](uint64_t lock) {
    return !holds(guarded.locks, guarded.lock_count, lock) || holds(other.locks, other.lock_count, lock);
  });
  pair->lock_count = static_cast<uint32_t>(end - pair->locks);
  if (pair->lock_count == 0) pair->is_refuted = true;
  return pair;
}

void Suspects::tell(Pair& pair, const CodeMap& map, uint64_t address) {
  pair.is_told = true;
  Access accesses[2] = {};
  for (const Role role : {kGuarded, kOther}) {
    accesses[role].instruction = pair.instruction[role];
    accesses[role].address = address;
    if (!map.form_at(pair.instruction[role], accesses[role].form)) return;
  }
  tell_suspicion(map, accesses, pair.side);
}

}  // namespace gordian::hooks::races
