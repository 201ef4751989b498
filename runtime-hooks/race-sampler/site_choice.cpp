#include "runtime-hooks/race-sampler/site_choice.h"

#include <algorithm>
#include <numeric>

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/unwind.h"

namespace gordian::hooks::races {

void SiteChoice::sites_are_more() {
  const uint32_t count = map_.site_count();
  // Neighbours in the order of the turn are far from each other in the code.
  stride_ = static_cast<uint32_t>(count * 0.618) | 1;
  while (count > 1 && std::gcd(stride_, count) != 1) stride_ += 2;
  if (cursor_ >= count) cursor_ = 0;
  if (global_cursor_ >= count) global_cursor_ = 0;
}

bool SiteChoice::is_in_use(uint32_t place) const {
  return std::find(std::begin(in_use_), std::end(in_use_), place) != std::end(in_use_);
}

bool SiteChoice::is_due(uint32_t place) const {
  const Site& site = map_.site(place);
  const uint32_t step = std::min<uint32_t>(kMostPause, std::max(site.cold / 2, site.vain / 3));
  const uint32_t turn = turn_ + global_turn_ + place;
  return (turn & ((1u << step) - 1)) == 0 && !is_in_use(place);
}

uint32_t SiteChoice::next_in_turn() {
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
uint32_t SiteChoice::next_global() {
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

void SiteChoice::note_live(uint64_t address) {
  if (address == 0 || map_.is_foreign(address)) return;
  const uint32_t place =
      live_count_ < kLive ? live_count_++ : static_cast<uint32_t>(next_random(random) % kLive);
  live_[place] = address;
}

// Where threads begin, and where they lately took locks: what they share is near.
void SiteChoice::look_for_live(uint64_t now) {
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

void SiteChoice::note_callers(const Trap& trap) {
  constexpr uint32_t kFrames = 5;
  record::Frame frames[kFrames];
  ForeignStack stack;
  const uint32_t count = unwind(trap.registers, &ForeignStack::read, &stack, frames, kFrames).count;
  for (uint32_t i = 0; i < count; ++i) note_live(frames[i].address);
}

// A site near code that is known to run.
uint32_t SiteChoice::next_live() {
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

uint32_t SiteChoice::next_hot() {
  for (uint32_t tried = 0; tried < hot_count_; ++tried) {
    next_hot_ = (next_hot_ + 1) % hot_count_;
    const uint32_t site = hot_[next_hot_];
    if (map_.site(site).hot == 0) {
      hot_[next_hot_] = hot_[--hot_count_];
      continue;
    }
    if (!is_in_use(site)) return site;
  }
  return UINT32_MAX;
}

uint32_t SiteChoice::any() {
  if (map_.site_count() == 0) return UINT32_MAX;
  uint32_t chosen = UINT32_MAX;
  if (hot_count_ != 0 && next_random(random) % 4 != 0) chosen = next_hot();
  if (chosen != UINT32_MAX) return chosen;
  const uint64_t way = next_random(random) % 8;
  if (way < 4) chosen = next_live();
  if (way == 4 || way == 5) chosen = next_global();
  return chosen != UINT32_MAX ? chosen : next_in_turn();
}

uint32_t SiteChoice::choose(uint32_t slot) {
  in_use_[slot] = UINT32_MAX;
  in_use_[slot] = any();
  return in_use_[slot];
}

void SiteChoice::heat(uint32_t place, uint8_t stalls) {
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

}  // namespace gordian::hooks::races
