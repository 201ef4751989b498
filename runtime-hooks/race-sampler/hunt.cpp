#include "runtime-hooks/race-sampler/hunt.h"

#include <dlfcn.h>

#include <algorithm>
#include <numeric>

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/race-sampler/seen.h"
#include "runtime-hooks/race-sampler/sync_memory.h"
#include "runtime-hooks/race-sampler/trap_signal.h"
#include "runtime-hooks/unwind.h"

namespace gordian::hooks::races {

using record::RaceAccess;

namespace {

constexpr uint64_t kLeastDwell = 1'000'000;
constexpr uint64_t kMostDwell = 10'000'000;
constexpr uint64_t kRound = 4'000'000'000;  // what going through all sites once should take
constexpr uint64_t kHotDwell = 20'000'000;
constexpr uint64_t kProbe = 2'000'000;
constexpr uint32_t kProbedSites = 500;  // of all: how many are probed in a turn, and not only looked at
constexpr uint64_t kFirstStall = 200'000;
constexpr uint32_t kMostDoublings = 4;
constexpr uint8_t kStalls = 8;                   // that one sign of sharing is worth
constexpr uint8_t kMostPause = 5;                // sites where nothing happens are visited in every 32nd turn
constexpr uint64_t kMostInterruption = 100'000;  // beyond that it was the sampler that waited
constexpr uint64_t kSeldom = 16;
constexpr uint64_t kTryStall = 8;  // one access in so many is stalled without any sign

uint32_t floor_power(uint32_t n) {
  uint32_t power = 1;
  while (power * 2 <= n) power *= 2;
  return power;
}

bool does_write(const AccessForm& form) {
  return form.access != RaceAccess::kRead;
}

}  // namespace

void Hunt::sites_moved() {
  rest();
  hot_count_ = 0;
}

void Hunt::sites_are_more() {
  const uint32_t count = map_.site_count();
  // Neighbours in the order of the turn are far from each other in the code.
  stride_ = static_cast<uint32_t>(count * 0.618) | 1;
  while (count > 1 && std::gcd(stride_, count) != 1) stride_ += 2;
  if (cursor_ >= count) cursor_ = 0;
  if (global_cursor_ >= count) global_cursor_ = 0;
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
    work_[i].has_hit = false;
  }
}

bool Hunt::is_in_use(uint32_t site) const {
  return std::any_of(std::begin(work_), std::end(work_), [&](const Work& work) { return work.site == site; });
}

// Sites to which nobody comes, or whose memory nobody shares, are visited in fewer turns.
bool Hunt::is_due(uint32_t place) const {
  const Site& site = map_.site(place);
  const uint32_t step = std::min<uint32_t>(kMostPause, std::max(site.cold / 2, site.vain / 3));
  const uint32_t turn = turn_ + global_turn_ + place;
  return (turn & ((1u << step) - 1)) == 0 && !is_in_use(place);
}

uint32_t Hunt::next_in_turn() {
  const uint32_t count = map_.site_count();
  for (uint32_t tried = 0; tried < count; ++tried) {
    if (++steps_ >= count) {
      steps_ = 0;
      ++turn_;
    }
    cursor_ = (cursor_ + stride_) % count;
    if (is_due(cursor_)) return cursor_;
  }
  return UINT32_MAX;
}

// Variables of the program are shared more often than what pointers lead to.
uint32_t Hunt::next_global() {
  constexpr uint32_t kTries = 4096;
  const uint32_t count = map_.site_count();
  for (uint32_t tried = 0; tried < std::min(count, kTries); ++tried) {
    global_cursor_ += stride_;
    if (global_cursor_ >= count) global_cursor_ -= count;
    if (global_cursor_ == 0) ++global_turn_;
    if (map_.site(global_cursor_).is_global && is_due(global_cursor_)) return global_cursor_;
  }
  return UINT32_MAX;
}

void Hunt::note_live(uint64_t address) {
  if (address == 0 || map_.is_foreign(address)) return;
  const uint32_t place =
      live_count_ < kLive ? live_count_++ : static_cast<uint32_t>(next_random(random) % kLive);
  live_[place] = address;
}

// Where threads begin, and where they lately took locks: what they share is near.
void Hunt::look_for_live(uint64_t now) {
  constexpr uint64_t kOften = 50'000'000;
  constexpr uint32_t kThreads = 32;
  constexpr uint32_t kDeep = 3;
  if (now < look_for_live_at_) return;
  look_for_live_at_ = now + kOften;
  const uint32_t count = runtime.thread_slots();
  for (uint32_t i = 0; i < std::min(count, kThreads); ++i) {
    const ThreadRecord& thread = runtime.thread(static_cast<uint32_t>(next_random(random) % count));
    note_live(thread.start_routine);
    for (uint32_t depth = 0; depth < kDeep; ++depth) note_live(thread.holds[depth].site);
  }
}

// A site near code that is known to run.
uint32_t Hunt::next_live() {
  constexpr uint32_t kNear = 32;
  constexpr uint32_t kTries = 8;
  const uint32_t count = map_.site_count();
  for (uint32_t tried = 0; tried < kTries && live_count_ != 0; ++tried) {
    const uint32_t middle = map_.first_from(live_[next_random(random) % live_count_]);
    const uint64_t place = middle + next_random(random) % (2 * kNear);
    if (place < kNear || place - kNear >= count) continue;
    const auto site = static_cast<uint32_t>(place - kNear);
    const uint32_t step =
        std::min<uint32_t>(kMostPause, std::max(map_.site(site).cold, map_.site(site).vain) / 2);
    if ((next_random(random) & ((1u << step) - 1)) == 0 && !is_in_use(site)) return site;
  }
  return UINT32_MAX;
}

uint32_t Hunt::choose() {
  if (map_.site_count() == 0) return UINT32_MAX;
  if (hot_count_ != 0 && next_random(random) % 4 != 0) {
    for (uint32_t tried = 0; tried < hot_count_; ++tried) {
      next_hot_ = (next_hot_ + 1) % hot_count_;
      const uint32_t site = hot_[next_hot_];
      if (map_.site(site).hot == 0) {
        hot_[next_hot_] = hot_[--hot_count_];
        if (hot_count_ == 0) break;
        continue;
      }
      if (!is_in_use(site)) return site;
    }
  }
  uint32_t chosen = UINT32_MAX;
  const uint64_t way = next_random(random) % 8;
  if (way < 4) chosen = next_live();
  if (way == 4 || way == 5) chosen = next_global();
  return chosen != UINT32_MAX ? chosen : next_in_turn();
}

void Hunt::heat(uint32_t place, uint8_t stalls) {
  if (place == UINT32_MAX) return;
  Site& site = map_.site(place);
  const bool is_new = site.hot == 0;
  site.hot = std::max(site.hot, stalls);
  if (!is_new || std::find(hot_, hot_ + hot_count_, place) != hot_ + hot_count_) return;
  if (hot_count_ < kHotSites)
    hot_[hot_count_++] = place;
  else
    hot_[next_random(random) % kHotSites] = place;
}

void Hunt::prefer(uint64_t low, uint64_t high) {
  constexpr uint8_t kManyStalls = 200;
  for (uint32_t place = map_.first_from(low); place < map_.site_count() && map_.site(place).address < high;
       ++place)
    heat(place, kManyStalls);
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
  const uint32_t chosen = choose();
  if (chosen == UINT32_MAX) {
    __atomic_store_n(&slots[index].phase, static_cast<uint32_t>(Phase::kOff), __ATOMIC_RELEASE);
    breakpoints_.clear(index);
    begin_round(slots[index]);
    work.until = now + kMostDwell;
    return;
  }
  work.site = chosen;
  ++numbers.visits;
  numbers.turns = turn_;
  const Site& site = map_.site(chosen);
  // In a large program most sites are only looked at, which is quick; in a small one most are probed.
  const bool is_look = site.hot == 0 && next_random(random) % map_.site_count() >= kProbedSites &&
                       map_.form_at(site.address, slots[index].form);
  place(index, is_look ? Phase::kLook : Phase::kSite, BreakOn::kExecution, site.address, 0);
  work.until = now + dwell_for(site);
}

bool Hunt::is_worth_watching(const Access& access) const {
  if (access.trap->record == nullptr || is_own_memory(*access.trap->record, access.address)) return false;
  uint8_t byte;
  return access.address >= 4096 && kernel::peek(access.address, &byte, 1) &&
         !map_.is_foreign(access.address) && !is_sync_memory(access.address, access.form.size);
}

// What called the code that runs, runs.
void Hunt::note_callers(const Trap& trap) {
  constexpr uint32_t kFrames = 5;
  record::Frame frames[kFrames];
  ForeignStack stack;
  const uint32_t count = unwind(trap.registers, &ForeignStack::read, &stack, frames, kFrames).count;
  for (uint32_t i = 0; i < count; ++i) note_live(frames[i].address);
}

void Hunt::come_to_site(uint32_t index, uint64_t now) {
  Work& work = work_[index];
  Slot& slot = slots[index];
  Site& site = map_.site(work.site);
  ++site.hits;
  ++numbers.hits;
  site.cold = 0;
  work.has_hit = true;
  Access& access = work.access;
  access.trap = &slot.hit;
  access.instruction = site.address;
  if (next_random(random) % 4 == 0) note_callers(slot.hit);
  const bool is_known = map_.form_at(site.address, access.form) && is_site(access.form);
  if (is_known) access.address = effective_address(access.form, slot.hit.registers);
  if (!is_known || !is_worth_watching(access)) {
    if (site.vain < UINT8_MAX) ++site.vain;
    return end_watch(index, now);
  }
  const Trap& trap = *access.trap;
  const bool shared = trap.is_shared || was_shared(access.address, trap.serial, does_write(access.form),
                                                   trap.holds, trap.hold_count);
  if (site.is_told && next_random(random) % kSeldom != 0) return end_watch(index, now);
  // Handed over in a way that needs no lock, most likely.
  const uint32_t patience = std::min<uint32_t>(kMostPause, site.failures);
  if (shared && (next_random(random) & ((1u << patience) - 1)) == 0) heat(work.site, kStalls);
  if (may_have_late_traps(index, access.address, now)) return end_watch(index, now);
  watch(index, now, site.hot != 0 || next_random(random) % kTryStall == 0);
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
  const uint32_t alignment = address % 8 == 0 ? 8 : 1u << __builtin_ctzll(address);
  const uint32_t length = std::min({alignment, floor_power(work.access.form.size), 8u});
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

// What the other thread did, as far as the instruction before the one that it stands at tells.
Access Hunt::other_access(const Work& work, const Trap& trap) const {
  const uint64_t next = trap.registers.value[Registers::kProgramCounter];
  const uint64_t low = work.access.address;
  Access access{0, low, {}, &trap};
  AccessForm form;
  uint64_t instruction = 0;
  bool is_known = map_.form_before(next, form, instruction) && form.access != RaceAccess::kNone &&
                  !form.is_branch && !form.has_segment;
  if (is_known && !form.writes_address && !form.is_repeated && !form.is_conditional) {
    const uint64_t address = effective_address(form, trap.registers);
    is_known = address < low + work.watched && low < address + form.size;
    access.address = address;
  }
  // A thread that only read is not reported where only writes are watched.
  if (is_known && !does_write(work.access.form)) is_known = does_write(form);
  if (is_known) {
    access.instruction = instruction;
    access.form = form;
    return access;
  }
  access.address = low;
  access.form.size = work.watched;
  uint64_t value = 0;
  const bool wrote =
      !does_write(work.access.form) || (kernel::peek(low, &value, work.watched) && value != work.value);
  access.form.access = wrote ? RaceAccess::kWrite : RaceAccess::kRead;
  return access;
}

// Some came and went on: enough of them, or nobody any more.
void Hunt::end_look(uint32_t index, uint64_t now) {
  Work& work = work_[index];
  const uint32_t looks = __atomic_load_n(&slots[index].looks, __ATOMIC_RELAXED);
  if (looks < kLooks && now < work.until) return;
  Site& site = map_.site(work.site);
  numbers.looks += looks;
  site.hits += looks;
  note_live(site.address);
  site.cold = 0;
  aim(index, now);
}

void Hunt::look_at_probe(uint32_t index, uint64_t now) {
  Work& work = work_[index];
  Slot& slot = slots[index];
  Site& site = map_.site(work.site);
  if (is_posted(slot.other)) {
    if (slot.other.serial != slot.hit.serial &&
        !share_lock(slot.hit.holds, slot.hit.hold_count, slot.other.holds, slot.other.hold_count)) {
      ++numbers.shared;
      heat(work.site, kStalls);
      const Access other = other_access(work, slot.other);
      if (other.instruction != 0) heat(map_.find(other.instruction), kStalls);
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
  const uint32_t place = other.instruction != 0 ? map_.find(other.instruction) : UINT32_MAX;
  if (place != UINT32_MAX) map_.site(place).is_told = true;
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

uint64_t Hunt::step(uint64_t now) {
  uint64_t next = now + kMostDwell;
  look_for_live(now);
  for (uint32_t i = 0; i < breakpoints_.slots(); ++i) {
    Slot& slot = slots[i];
    Work& work = work_[i];
    switch (static_cast<Phase>(slot.phase)) {
      case Phase::kOff:
        if (now >= work.until || work.site == UINT32_MAX) end_watch(i, now);
        break;
      case Phase::kLook:
      case Phase::kSite:
        if (is_posted(slot.hit)) {
          come_to_site(i, now);
        } else if (__atomic_load_n(&slot.looks, __ATOMIC_RELAXED) != 0) {
          end_look(i, now);
        } else if (now >= work.until) {
          Site& site = map_.site(work.site);
          if (site.cold < UINT8_MAX) ++site.cold;
          if (site.hot != 0) --site.hot;
          aim(i, now);
        }
        break;
      case Phase::kProbe:
        look_at_probe(i, now);
        break;
      case Phase::kStall:
        look_at_stall(i, now);
        break;
    }
    next = std::min(next, work.until);
  }
  return next;
}

}  // namespace gordian::hooks::races
