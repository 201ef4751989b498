// Memory that several threads use without a lock in common, though one of them takes a lock for it: watched
// for longer, so that races are found, too, that meet too seldom to be caught in the act.
//
// What is looked for is a pair of instructions: one always under a certain lock, the other, by another
// thread, never under it. A pair counts when the thread of the later access has taken over nothing from
// anybody since the earlier one (taken_over.h), so that nothing that the hooks see orders the two. It has to
// count in both directions, several times: memory that is filled by one thread and handed to another counts
// in one.
//
// Where neither side takes a lock nothing is told: that is what memory looks like that is handed from thread
// to thread in a way of the program's own. Such a pair has to be caught. And each side has to come twice
// without the other in between, the guarded one in two critical sections: where memory is handed over, the
// turns alternate.
//
// Promises: bounded; when there is no room the oldest suspect goes. For one thread, the sampler's.
// Source: Savage and others, Eraser, SOSP 1997 (locksets); Engler and Ashcraft, RacerX, SOSP 2003 (a lock
// that is mostly held is meant to be).
#pragma once

#include "runtime-hooks/race-sampler/caught.h"

namespace gordian::hooks::races {

class Suspects {
 public:
  static constexpr uint32_t kMost = 16;
  static constexpr uint32_t kNone = UINT32_MAX;

  // Two threads were there without a lock in common, one of them with a lock.
  void note(uint64_t address, uint32_t length);

  // The suspect whose turn it is.
  uint32_t next(uint64_t now);
  uint64_t address(uint32_t which) const { return suspects_[which].address; }
  uint32_t length(uint32_t which) const { return suspects_[which].length; }
  // For how long to watch it, and how long each is to stand there: longer where few come.
  uint64_t watch_ns(uint32_t which) const { return kFirstWatch << suspects_[which].calm; }
  uint64_t stand_ns(uint32_t which) const { return kFirstStand * (1 + suspects_[which].calm); }

  // A thread made that access just now and stands after it.
  void see(uint32_t which, const CodeMap& map, const Access& access);

  // Some accesses may not have been seen.
  void lose_turn(uint32_t which) { suspects_[which].turn = 0; }

  // It was watched, and so many accesses were seen.
  void watched(uint32_t which, uint64_t now, uint32_t accesses);

 private:
  struct Event {
    uint32_t serial;
    bool writes;
    uint64_t at_ns;
    uint64_t instruction;
    uint64_t attempts;  // of its thread, to take locks: others in another critical section
    uint32_t lock_count;
    uint64_t locks[record::kMaxRaceHolds];
  };
  static constexpr uint64_t kFirstWatch = 300'000'000;
  static constexpr uint64_t kFirstStand = 1'000'000;
  static constexpr uint32_t kMostCalm = 3;
  static constexpr uint32_t kThreads = 4;
  static constexpr uint32_t kPairs = 4;

  enum Role : uint32_t { kGuarded, kOther };
  struct Pair {
    uint64_t instruction[2];  // by Role
    uint32_t came_first[2];
    uint32_t came_again[2];  // with nothing of another thread in between
    uint32_t lock_count;     // that the guarded one always held
    uint64_t locks[record::kMaxRaceHolds];
    bool is_refuted;  // they were seen with a lock in common, too, or the guarded one without
    bool is_told;
    bool has_side[2];
    record::RaceSide side[2];
  };
  struct Suspect {
    uint64_t address;  // 0: free
    uint32_t length;
    uint32_t idle;  // watches in a row that taught nothing
    uint32_t calm;  // more where few come
    uint64_t again_at;
    Event events[kThreads];  // the last one of each thread
    uint32_t next_event;
    uint32_t turn;        // serial of the thread that came last; 0 where some may have been missed
    uint32_t turn_count;  // of `turns`: what it did since
    Event turns[kThreads];
    Pair pairs[kPairs];
    uint32_t pair_count;
  };

  static void take_turn(Suspect& suspect, const Event& now);
  void compare(Suspect& suspect, const CodeMap& map, const Event& before, const Event& now,
               const Access& access);
  static Pair* pair_of(Suspect& suspect, const Event& guarded, const Event& other);
  static void tell(Pair& pair, const CodeMap& map, uint64_t address);

  Suspect suspects_[kMost] = {};
  uint32_t next_ = 0;
  uint32_t oldest_ = 0;
};

}  // namespace gordian::hooks::races
