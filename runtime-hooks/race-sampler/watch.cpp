#include "runtime-hooks/race-sampler/hunt.h"

#include <algorithm>

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/race-sampler/seen.h"
#include "runtime-hooks/race-sampler/sync_memory.h"

namespace gordian::hooks::races {

using record::RaceAccess;

namespace {

constexpr uint64_t kProbe = 2'000'000;
constexpr uint64_t kFirstStall = 200'000;
constexpr uint32_t kMostDoublings = 4;
constexpr uint8_t kStalls = 8;  // that one sign of sharing is worth
constexpr uint64_t kSeldom = 16;
constexpr uint64_t kTryStall = 8;  // one access in so many is stalled without any sign

uint32_t floor_power(uint32_t n) {
  uint32_t power = 1;
  while (power * 2 <= n) power *= 2;
  return power;
}

}  // namespace

uint32_t watched_length(uint64_t address, uint32_t size) {
  const uint32_t alignment = address % 8 == 0 ? 8 : 1u << __builtin_ctzll(address);
  return std::min({alignment, floor_power(size), 8u});
}

bool Hunt::is_worth_watching(const Access& access) const {
  if (access.trap->record == nullptr || is_own_memory(*access.trap->record, access.address)) return false;
  uint8_t byte;
  return access.address >= 4096 && kernel::peek(access.address, &byte, 1) &&
         !map_.is_foreign(access.address) && !is_sync_memory(access.address, access.form.size);
}

void Hunt::come_to_site(uint32_t index, uint64_t now) {
  Work& work = work_[index];
  Slot& slot = slots[index];
  Site& site = map_.site(work.site);
  note_came(site, 1);
  ++numbers.hits;
  site.cold = 0;
  work.has_hit = true;
  Access& access = work.access;
  access.trap = &slot.hit;
  access.instruction = site.address;
  if (next_random(random()) % 4 == 0) choice_.note_callers(slot.hit);
  const bool is_known = map_.form_at(site.address, access.form) && is_site(access.form);
  if (is_known) access.address = effective_address(access.form, slot.hit.registers);
  if (!is_known || !is_worth_watching(access)) {
    if (site.vain < UINT8_MAX) ++site.vain;
    return end_watch(index, now);
  }
  const Trap& trap = *access.trap;
  const Sharing sharing =
      trap.sharing != Sharing::kNone
          ? trap.sharing
          : note_access(access.address, trap.serial, does_write(access.form), trap.holds, trap.hold_count);
  if (sharing == Sharing::kGuarded)
    suspects_.note(access.address, watched_length(access.address, access.form.size));
  if (site.is_told && next_random(random()) % kSeldom != 0) return end_watch(index, now);
  // Handed over in a way that needs no lock, most likely.
  const uint32_t patience = std::min<uint32_t>(kMostPause, site.failures);
  if (sharing != Sharing::kNone && (next_random(random()) & ((1u << patience) - 1)) == 0)
    choice_.heat(work.site, kStalls);
  if (may_have_late_traps(index, access.address, now)) return end_watch(index, now);
  watch(index, now, site.hot != 0 || next_random(random()) % kTryStall == 0);
}

// A thread that met the slot's last watchpoint there and was not running since has its signal still to come,
// and it would come with the tag of the new one.
bool Hunt::may_have_late_traps(uint32_t index, uint64_t address, uint64_t now) const {
  constexpr uint64_t kLatest = 50'000'000;
  return std::any_of(std::begin(watched_[index]), std::end(watched_[index]), [&](const Watched& watched) {
    return watched.address >> 3 == address >> 3 && now < watched.until + kLatest;
  });
}

void Hunt::watch(uint32_t index, uint64_t now, bool is_stall) {
  Work& work = work_[index];
  Slot& slot = slots[index];
  Site& site = map_.site(work.site);
  const uint64_t address = work.access.address;
  const uint32_t length = watched_length(address, work.access.form.size);
  work.watched = static_cast<uint8_t>(length);
  work.value = 0;
  slot.owner = slot.hit.tid;
  watched_[index][generation_ % kWatched] = {address, now + kPatience};
  kernel::peek(address, &work.value, length);
  place(index, is_stall ? Phase::kStall : Phase::kProbe,
        does_write(work.access.form) ? BreakOn::kAccess : BreakOn::kWrite, address, length);
  ++(is_stall ? numbers.stalls : numbers.probes);
  if (!is_stall) {
    let_go(slot.hit);
    work.has_hit = false;
    work.until = now + kProbe;
    return;
  }
  const uint32_t doublings = site.hot == 0 ? 0 : std::min<uint32_t>(kMostDoublings, site.vain);
  work.until = now_ns() + (kFirstStall << doublings);
}

// The next site first: the thread that goes on would meet its own watchpoint.
void Hunt::end_watch(uint32_t index, uint64_t now) {
  for (Watched& watched : watched_[index]) watched.until = std::min(watched.until, now);
  aim(index, now);
  let_go(slots[index].hit);
  let_go(slots[index].other);
  work_[index].has_hit = false;
}

// What the thread did, as far as the instruction before the one that it stands at tells; without an
// instruction where that does not name the memory.
Access Hunt::access_after(const Trap& trap, uint64_t address, uint32_t length) const {
  const uint64_t next = trap.registers.value[Registers::kProgramCounter];
  Access access{0, address, {}, &trap};
  AccessForm form;
  uint64_t instruction = 0;
  if (!map_.form_before(next, form, instruction) || form.access == RaceAccess::kNone || form.is_branch ||
      form.has_segment)
    return access;
  if (!form.writes_address && !form.is_repeated && !form.is_conditional) {
    access.address = effective_address(form, trap.registers);
    if (access.address >= address + length || address >= access.address + form.size) {
      access.address = address;
      return access;
    }
  }
  access.instruction = instruction;
  access.form = form;
  return access;
}

Access Hunt::other_access(const Work& work, const Trap& trap) const {
  const uint64_t low = work.access.address;
  Access access = access_after(trap, low, work.watched);
  // A thread that only read is not reported where only writes are watched.
  if (access.instruction != 0 && (does_write(work.access.form) || does_write(access.form))) return access;
  access = {0, low, {}, &trap};
  access.form.size = work.watched;
  uint64_t value = 0;
  const bool wrote =
      !does_write(work.access.form) || (kernel::peek(low, &value, work.watched) && value != work.value);
  access.form.access = wrote ? RaceAccess::kWrite : RaceAccess::kRead;
  return access;
}

void Hunt::note_told(const Access& access) {
  const uint32_t place = access.instruction != 0 ? map_.find(access.instruction) : UINT32_MAX;
  if (place != UINT32_MAX) map_.site(place).is_told = true;
}

void Hunt::look_at_probe(uint32_t index, uint64_t now) {
  Work& work = work_[index];
  Slot& slot = slots[index];
  Site& site = map_.site(work.site);
  if (is_posted(slot.other)) {
    if (slot.other.serial != slot.hit.serial &&
        !share_lock(slot.hit.holds, slot.hit.hold_count, slot.other.holds, slot.other.hold_count)) {
      ++numbers.shared;
      if (slot.hit.hold_count + slot.other.hold_count != 0) suspects_.note(work.access.address, work.watched);
      choice_.heat(work.site, kStalls);
      const Access other = other_access(work, slot.other);
      if (other.instruction != 0) choice_.heat(map_.find(other.instruction), kStalls);
      site.vain = 0;
    }
    return end_watch(index, now);
  }
  if (now < work.until && __atomic_load_n(&slot.own_traps, __ATOMIC_RELAXED) < kOwnTraps) return;
  if (site.vain < UINT8_MAX) ++site.vain;
  end_watch(index, now);
}

// Both must still stand: then the other's access fell into the time in which this one was about to be made.
bool Hunt::tell(Work& work, Slot& slot) {
  if (slot.other.serial == slot.hit.serial ||
      share_lock(slot.hit.holds, slot.hit.hold_count, slot.other.holds, slot.other.hold_count))
    return false;
  const Access other = other_access(work, slot.other);
  uint64_t value = 0;
  const bool is_same = kernel::peek(work.access.address, &value, work.watched) && value == work.value;
  const Verdict verdict = judge_pair(map_, work.access, other);
  if (!is_posted(slot.hit) || !is_posted(slot.other)) return false;
  const bool is_told = tell_pair(work.access, other, verdict, is_same && does_write(other.form), !is_same);
  if (!is_told) return true;
  map_.site(work.site).is_told = true;
  note_told(other);
  return true;
}

void Hunt::look_at_stall(uint32_t index, uint64_t now) {
  Work& work = work_[index];
  Slot& slot = slots[index];
  Site& site = map_.site(work.site);
  const bool left = !is_posted(slot.hit);
  if (!left && is_posted(slot.other)) {
    if (tell(work, slot)) {
      ++numbers.caught;
      if (site.is_told) site.hot = 0;
      site.vain = 0;
      site.failures = 0;
    }
    return end_watch(index, now);
  }
  if (!left && now < work.until) return;
  if (site.hot != 0 && --site.hot == 0 && site.failures < UINT8_MAX) ++site.failures;
  if (site.vain < UINT8_MAX) ++site.vain;
  end_watch(index, now);
}

}  // namespace gordian::hooks::races
