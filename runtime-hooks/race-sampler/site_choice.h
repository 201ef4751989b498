// Which site is looked at next.
//
// Four ways, by lot: sites where there was a sign of sharing (hot), sites near code that is known to run,
// sites that name a variable of a module, and all sites in turn. Sites to which nobody comes, or whose
// memory nobody shares, come up in fewer turns.
//
// Promises: for one thread, the sampler's. Bounded: a choice looks at each site once at most.
#pragma once

#include "runtime-hooks/race-sampler/code_map.h"
#include "runtime-hooks/race-sampler/trap.h"

namespace gordian::hooks::races {

inline constexpr uint8_t kMostPause = 5;  // sites where nothing happens are visited in every 32nd turn

class SiteChoice {
 public:
  constexpr explicit SiteChoice(CodeMap& map) : map_(map) {}

  // The place of a site for that slot, in no other slot's hands; UINT32_MAX where there is none.
  uint32_t choose(uint32_t slot);
  void give_back(uint32_t slot) { in_use_[slot] = UINT32_MAX; }

  // Makes a site worth that many stalls.
  void heat(uint32_t place, uint8_t stalls);

  // Code that runs, and what called it.
  void note_live(uint64_t address);
  void note_callers(const Trap& trap);
  void look_for_live(uint64_t now);

  // There are more sites than before; their places have changed.
  void sites_are_more();
  void sites_moved() { hot_count_ = 0; }

  uint32_t turns() const { return turn_; }

  uint64_t random = 0x9E3779B97F4A7C15u;

 private:
  static constexpr uint32_t kHotSites = 64;
  static constexpr uint32_t kLive = 256;

  uint32_t any();
  uint32_t next_hot();
  uint32_t next_in_turn();
  uint32_t next_global();
  uint32_t next_live();
  bool is_due(uint32_t place) const;
  bool is_in_use(uint32_t place) const;

  CodeMap& map_;
  uint32_t in_use_[Breakpoints::kMostSlots] = {UINT32_MAX, UINT32_MAX, UINT32_MAX};
  uint32_t hot_[kHotSites] = {};
  uint32_t hot_count_ = 0;
  uint32_t next_hot_ = 0;
  uint64_t live_[kLive] = {};  // addresses in code that runs
  uint32_t live_count_ = 0;
  uint64_t look_for_live_at_ = 0;
  uint32_t cursor_ = 0;
  uint32_t global_cursor_ = 0;
  uint32_t global_turn_ = 0;
  uint32_t stride_ = 1;
  uint32_t steps_ = 0;  // of the turn that is under way
  uint32_t turn_ = 0;   // how often all sites have been gone through
};

}  // namespace gordian::hooks::races
