// The search itself: which site next, which memory to watch, when to hold a thread.
//
//   hunt.cpp    where the breakpoints are, and until when
//   watch.cpp   somebody came to a site: probe and stall
//   patrol.cpp  a suspect is watched for longer
//
// Promises: for one thread, the sampler's. Never blocks but in the system calls that set breakpoints. Whoever
// is held is let go by `rest` and by the end of the time that `step` set for it.
#pragma once

#include "runtime-hooks/race-sampler/caught.h"
#include "runtime-hooks/race-sampler/site_choice.h"
#include "runtime-hooks/race-sampler/suspects.h"

namespace gordian::hooks::races {

class Hunt {
 public:
  constexpr Hunt(CodeMap& map, Breakpoints& breakpoints)
      : map_(map), breakpoints_(breakpoints), choice_(map) {}

  // Looks after every slot; returns when to come back at the latest.
  uint64_t step(uint64_t now);

  // Takes every breakpoint away and lets everybody go.
  void rest();

  // There are more of them than before; their places have changed.
  void sites_are_more() { choice_.sites_are_more(); }
  void sites_moved();
  void forget_slots();

  uint64_t set_cost() const { return set_cost_; }
  uint64_t& random() { return choice_.random; }

  // The sites in that range are tried before others.
  void prefer(uint64_t low, uint64_t high);

  // What it has done so far.
  struct Numbers {
    uint64_t visits, looks, hits, probes, shared, stalls, patrols, caught, turns;
  };
  Numbers numbers{};

 private:
  struct Work {
    uint32_t site;
    uint64_t until;
    Access access;  // of who came to the site
    uint64_t value;
    uint8_t watched;    // bytes of memory
    bool has_hit;       // somebody stands there
    uint32_t suspect;   // of a patrol
    uint32_t accesses;  // seen on it
    uint32_t missed;    // of the slot, as of the last one
    uint64_t patrol_began;
    uint64_t patrol_ends;  // `until` is when the one who stands may go
    uint64_t used_before;  // processor time of the process, where code that runs is beside the site; or 0
    uint64_t patience;     // for how long threads may still be made to stand on it
  };
  // What a slot has watched, and until when.
  struct Watched {
    uint64_t address;
    uint64_t until;
  };
  static constexpr uint32_t kWatched = 16;

  void aim(uint32_t slot, uint64_t now);
  void place(uint32_t slot, Phase phase, BreakOn what, uint64_t address, uint32_t length);
  uint64_t dwell_for(const Site& site) const;
  uint64_t look_after(uint32_t slot, uint64_t now);
  void note_came(Site& site, uint32_t times);
  bool runs_beside(const Site& site) const;
  void charge_neighbours(Work& work);
  void miss(uint32_t slot, uint64_t now);
  void end_look(uint32_t slot, uint64_t now);

  void come_to_site(uint32_t slot, uint64_t now);
  bool is_worth_watching(const Access& access) const;
  bool may_have_late_traps(uint32_t slot, uint64_t address, uint64_t now) const;
  void watch(uint32_t slot, uint64_t now, bool is_stall);
  void end_watch(uint32_t slot, uint64_t now);
  void look_at_probe(uint32_t slot, uint64_t now);
  void look_at_stall(uint32_t slot, uint64_t now);
  bool tell(Work& work, Slot& slot);
  Access access_after(const Trap& trap, uint64_t address, uint32_t length) const;
  Access other_access(const Work& work, const Trap& trap) const;
  void note_told(const Access& access);

  bool begin_patrol(uint32_t slot, uint64_t now);
  void look_at_patrol(uint32_t slot, uint64_t now);
  void see_on_patrol(Work& work, const Slot& slot, const Trap& trap);
  void tell_on_patrol(const Work& work, const Slot& slot);
  void end_patrol(uint32_t slot, uint64_t now);

  CodeMap& map_;
  Breakpoints& breakpoints_;
  SiteChoice choice_;
  Suspects suspects_;
  Work work_[Breakpoints::kMostSlots] = {};
  Watched watched_[Breakpoints::kMostSlots][kWatched] = {};
  uint64_t patrol_again_at_ = 0;
  bool is_patrolling_ = false;
  uint64_t sites_that_run_ = 0;
  uint64_t generation_ = 0;
  uint64_t set_cost_ = 5'000;  // of setting a breakpoint, on average
};

// The bytes of an access that one watchpoint covers: a power of two, aligned.
uint32_t watched_length(uint64_t address, uint32_t size);

}  // namespace gordian::hooks::races
