#include "runtime-hooks/race-sampler/hunt.h"

#include <time.h>

#include <algorithm>

#include "runtime-hooks/race-sampler/trap_signal.h"

namespace gordian::hooks::races {

namespace {

constexpr uint64_t kLeastDwell = 1'000'000;
constexpr uint64_t kMostDwell = 10'000'000;
constexpr uint64_t kRound = 4'000'000'000;  // what going through all sites once should take
constexpr uint64_t kHotDwell = 20'000'000;
constexpr uint32_t kProbedSites = 500;  // of all: how many are probed in a turn, and not only looked at
constexpr uint64_t kMostInterruption = 100'000;  // beyond that it was the sampler that waited

// Code in the cache line of an armed breakpoint of execution was 5 to 9 percent slower on an AMD EPYC under
// KVM; taken dearer than that, since which code runs is only known in parts.
constexpr uint64_t kSlowerPercent = 14;

uint64_t process_time() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(time.tv_nsec);
}

}  // namespace

void Hunt::sites_moved() {
  rest();
  choice_.sites_moved();
}

void Hunt::prefer(uint64_t low, uint64_t high) {
  constexpr uint8_t kManyStalls = 200;
  for (uint32_t place = map_.first_from(low); place < map_.site_count() && map_.site(place).address < high;
       ++place)
    choice_.heat(place, kManyStalls);
}

void Hunt::forget_slots() {
  for (uint32_t i = 0; i < Breakpoints::kMostSlots; ++i) {
    slots[i] = {};
    work_[i] = {};
  }
}

void Hunt::rest() {
  for (uint32_t i = 0; i < breakpoints_.slots(); ++i) {
    Slot& slot = slots[i];
    if (slot.phase != static_cast<uint32_t>(Phase::kOff)) {
      __atomic_store_n(&slot.phase, static_cast<uint32_t>(Phase::kOff), __ATOMIC_RELEASE);
      breakpoints_.clear(i);
      begin_round(slot);
    }
    let_go(slot.hit);
    let_go(slot.other);
    charge_neighbours(work_[i]);
    work_[i].has_hit = false;
    work_[i].suspect = Suspects::kNone;
  }
  is_patrolling_ = false;
}

uint64_t Hunt::dwell_for(const Site& site) const {
  if (site.hot != 0) return kHotDwell;
  const uint64_t fair = kRound * breakpoints_.slots() / std::max(map_.site_count(), 1u);
  // Setting a breakpoint in many threads is dear: then each is left longer.
  return std::max(std::clamp(fair, kLeastDwell, kMostDwell), set_cost_ * 20);
}

// The tag comes first: traps of what was there before are told from then on by theirs.
void Hunt::place(uint32_t index, Phase phase, BreakOn what, uint64_t address, uint32_t length) {
  Slot& slot = slots[index];
  const uint64_t tag = (++generation_ & 0xffffff) * Breakpoints::kMostSlots + index;
  __atomic_store_n(&slot.phase, static_cast<uint32_t>(Phase::kOff), __ATOMIC_RELEASE);
  let_go(slot.other);
  slot.own_traps = 0;
  slot.looks = 0;
  __atomic_store_n(&slot.address, address, __ATOMIC_RELAXED);
  __atomic_store_n(&slot.tag, tag, __ATOMIC_RELEASE);
  __atomic_store_n(&slot.phase, static_cast<uint32_t>(phase), __ATOMIC_RELEASE);
  const uint64_t begin = now_ns();
  if (breakpoints_.set(index, what, address, length, kTagMark | tag) != 0) {
    __atomic_store_n(&slot.phase, static_cast<uint32_t>(Phase::kOff), __ATOMIC_RELEASE);
    breakpoints_.clear(index);
  }
  begin_round(slot);
  const uint64_t cost = now_ns() - begin;
  set_cost_ = (set_cost_ * 15 + cost) / 16;
  // The processors of the other threads are interrupted meanwhile.
  __atomic_fetch_add(&spent_ns, std::min(cost, kMostInterruption), __ATOMIC_RELAXED);
}

void Hunt::aim(uint32_t index, uint64_t now) {
  Work& work = work_[index];
  work.site = UINT32_MAX;
  if (begin_patrol(index, now)) return;
  const uint32_t chosen = choice_.choose(index);
  if (chosen == UINT32_MAX) {
    __atomic_store_n(&slots[index].phase, static_cast<uint32_t>(Phase::kOff), __ATOMIC_RELEASE);
    breakpoints_.clear(index);
    begin_round(slots[index]);
    work.until = now + kMostDwell;
    return;
  }
  work.site = chosen;
  work.used_before = runs_beside(map_.site(chosen)) ? process_time() : 0;
  ++numbers.visits;
  numbers.turns = choice_.turns();
  const Site& site = map_.site(chosen);
  // In a large program most sites are only looked at, which is quick; in a small one most are probed.
  const bool is_look = site.hot == 0 && next_random(random()) % map_.site_count() >= kProbedSites &&
                       map_.form_at(site.address, slots[index].form);
  place(index, is_look ? Phase::kLook : Phase::kSite, BreakOn::kExecution, site.address, 0);
  work.until = now + dwell_for(site);
}

void Hunt::note_came(Site& site, uint32_t times) {
  if (site.hits == 0) ++sites_that_run_;
  site.hits += times;
}

// Whether somebody was seen to come to a site in the same cache line, or one beside it.
bool Hunt::runs_beside(const Site& site) const {
  constexpr uint64_t kNear = 128;
  for (uint32_t i = map_.first_from(site.address - kNear);
       i < map_.site_count() && map_.site(i).address < site.address + kNear; ++i)
    if (map_.site(i).hits != 0) return true;
  return false;
}

// A program in which few sites run spends its time at them, others all over their code.
void Hunt::charge_neighbours(Work& work) {
  constexpr uint64_t kFewSites = 16;
  if (work.used_before == 0) return;
  const uint64_t slower = (process_time() - work.used_before) * kSlowerPercent / 100;
  __atomic_fetch_add(&spent_ns, slower * kFewSites / std::max(sites_that_run_, kFewSites), __ATOMIC_RELAXED);
  work.used_before = 0;
}

// Some came and went on: enough of them, or nobody any more.
void Hunt::end_look(uint32_t index, uint64_t now) {
  Work& work = work_[index];
  const uint32_t looks = __atomic_load_n(&slots[index].looks, __ATOMIC_RELAXED);
  if (looks < kLooks && now < work.until) return;
  Site& site = map_.site(work.site);
  numbers.looks += looks;
  note_came(site, looks);
  charge_neighbours(work);
  choice_.note_live(site.address);
  site.cold = 0;
  aim(index, now);
}

// Nobody came.
void Hunt::miss(uint32_t index, uint64_t now) {
  charge_neighbours(work_[index]);
  Site& site = map_.site(work_[index].site);
  if (site.cold < UINT8_MAX) ++site.cold;
  if (site.hot != 0) --site.hot;
  aim(index, now);
}

uint64_t Hunt::look_after(uint32_t index, uint64_t now) {
  Slot& slot = slots[index];
  Work& work = work_[index];
  switch (static_cast<Phase>(slot.phase)) {
    case Phase::kOff:
      if (now >= work.until || work.site == UINT32_MAX) end_watch(index, now);
      break;
    case Phase::kLook:
    case Phase::kSite:
      if (is_posted(slot.hit))
        come_to_site(index, now);
      else if (__atomic_load_n(&slot.looks, __ATOMIC_RELAXED) != 0)
        end_look(index, now);
      else if (now >= work.until)
        miss(index, now);
      break;
    case Phase::kProbe:
      look_at_probe(index, now);
      break;
    case Phase::kStall:
      look_at_stall(index, now);
      break;
    case Phase::kPatrol:
      look_at_patrol(index, now);
      break;
  }
  return work.until;
}

uint64_t Hunt::step(uint64_t now) {
  uint64_t next = now + kMostDwell;
  choice_.look_for_live(now);
  for (uint32_t i = 0; i < breakpoints_.slots(); ++i) next = std::min(next, look_after(i, now));
  return next;
}

}  // namespace gordian::hooks::races
