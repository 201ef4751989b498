// The search itself: which site next, which memory to watch, when to hold a thread.
//
// Promises: for one thread, the sampler's. Never blocks but in the system calls that set breakpoints. Whoever
// is held is let go by `rest` and by the end of the time that `step` set for it.
#pragma once

#include "runtime-hooks/race-sampler/caught.h"

namespace gordian::hooks::races {

class Hunt {
 public:
  constexpr Hunt(CodeMap& map, Breakpoints& breakpoints) : map_(map), breakpoints_(breakpoints) {}

  // Looks after every slot; returns when to come back at the latest.
  uint64_t step(uint64_t now);

  // Takes every breakpoint away and lets everybody go.
  void rest();

  // There are more of them than before; their places have changed.
  void sites_are_more();
  void sites_moved();
  void forget_slots();

  uint64_t set_cost() const { return set_cost_; }

  // The sites in that range are tried before others.
  void prefer(uint64_t low, uint64_t high);

  uint64_t random = 0x9E3779B97F4A7C15u;

  // What it has done so far.
  struct Numbers {
    uint64_t visits, looks, hits, probes, shared, stalls, caught, turns;
  };
  Numbers numbers{};

 private:
  struct Work {
    uint32_t site;
    uint64_t until;
    uint64_t dwell;
    Access access;  // of who came to the site
    uint64_t value;
    uint8_t watched;  // bytes of `value`
    bool has_hit;     // somebody stands there
  };
  // What a slot has watched, and until when.
  struct Watched {
    uint64_t address;
    uint64_t until;
  };
  static constexpr uint32_t kWatched = 16;
  static constexpr uint32_t kHotSites = 64;
  static constexpr uint32_t kLive = 256;

  uint32_t choose();
  uint32_t next_in_turn();
  uint32_t next_global();
  uint32_t next_live();
  void look_for_live(uint64_t now);
  void note_live(uint64_t address);
  bool is_due(uint32_t place) const;
  bool is_in_use(uint32_t site) const;
  void aim(uint32_t slot, uint64_t now);
  void place(uint32_t slot, Phase phase, BreakOn what, uint64_t address, uint32_t length);
  void note_callers(const Trap& trap);
  void come_to_site(uint32_t slot, uint64_t now);
  bool is_worth_watching(const Access& access) const;
  bool may_have_late_traps(uint32_t slot, uint64_t address, uint64_t now) const;
  void watch(uint32_t slot, uint64_t now, bool is_stall);
  void end_watch(uint32_t slot, uint64_t now);
  void end_look(uint32_t slot, uint64_t now);
  void look_at_probe(uint32_t slot, uint64_t now);
  void look_at_stall(uint32_t slot, uint64_t now);
  bool tell(Work& work, Slot& slot);
  Access other_access(const Work& work, const Trap& trap) const;
  void heat(uint32_t site, uint8_t stalls);
  uint64_t dwell_for(const Site& site) const;

  CodeMap& map_;
  Breakpoints& breakpoints_;
  Work work_[Breakpoints::kMostSlots] = {};
  Watched watched_[Breakpoints::kMostSlots][kWatched] = {};
  uint32_t hot_[kHotSites] = {};
  uint32_t hot_count_ = 0;
  uint32_t next_hot_ = 0;
  uint64_t live_[kLive] = {};  // addresses in code that runs
  uint32_t live_count_ = 0;
  uint64_t look_for_live_at_ = 0;
  uint64_t generation_ = 0;
  uint32_t cursor_ = 0;
  uint32_t global_cursor_ = 0;
  uint32_t global_turn_ = 0;
  uint32_t stride_ = 1;
  uint32_t steps_ = 0;         // of the turn that is under way
  uint32_t turn_ = 0;          // how often all sites have been gone through
  uint64_t set_cost_ = 5'000;  // of setting a breakpoint, on average
};

}  // namespace gordian::hooks::races
