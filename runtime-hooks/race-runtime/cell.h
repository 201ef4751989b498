// What an access and the entries of a cell are to each other: the rules of shadow.h.
//
// Threads: the calling thread's, as access.h.
#pragma once

#include "runtime-hooks/race-runtime/overflow.h"
#include "runtime-hooks/race-runtime/thread.h"

namespace gordian::hooks::races {

// What an access finds in a place of its cell.
enum class Finds { kNothing, kItself, kGivesWay, kStays, kRaces };

inline bool happened_before(const RaceThread& self, Entry entry) {
  // A handler may have come between the two steps of a new epoch: what is the thread's own is asked for by
  // name.
  return clock_of(entry) <= self.values[slot_of(entry)] || slot_of(entry) == self.slot;
}

// `key` is about to be done by the calling thread. The rules are those of shadow.h: an entry gives way to one
// that comes after it and conflicts with all that it conflicts with.
[[gnu::always_inline]] inline Finds look_at(const RaceThread& self, Entry entry, Entry key) {
  if (entry == 0) return Finds::kNothing;
  if (slot_of(entry) >= kMaxSlots) return Finds::kGivesWay;
  const uint32_t there = mask_of(entry);
  const uint32_t here = mask_of(key);
  const bool both_atomic = is_atomic(entry) && is_atomic(key);
  if (same_epoch(entry, key) && (here & ~there) == 0 && (is_write(entry) || !is_write(key)) &&
      (!is_atomic(entry) || is_atomic(key)))
    return Finds::kItself;
  if (!happened_before(self, entry)) {
    const bool conflict = (there & here) != 0 && (is_write(entry) || is_write(key)) && !both_atomic;
    return conflict ? Finds::kRaces : Finds::kStays;
  }
  const bool covered =
      (there & ~here) == 0 && (is_write(key) || !is_write(entry)) && (!is_atomic(key) || is_atomic(entry));
  return covered ? Finds::kGivesWay : Finds::kStays;
}

// What nearly all accesses come to: an entry of the cell's two gives way, or is free, and the other one stays
// or gives way as well.
struct Simple {
  Entry seen[2];
  int at;  // negative: it is not as simple as that
  bool is_alone;
};

[[gnu::always_inline]] inline Simple simple(const RaceThread& self, const Entry* cell, Entry key) {
  Simple found{{load(cell), load(cell + 1)}, -1, false};
  bool goes[2];
  for (int i = 0; i < 2; ++i) {
    const Entry entry = found.seen[i];
    if (is_many(entry)) return found;
    const Finds finds = look_at(self, entry, key);
    goes[i] = finds == Finds::kNothing || finds == Finds::kGivesWay;
    // One of this epoch may be joined with the new one, or stand for it.
    if (!goes[i] && (finds != Finds::kStays || same_epoch(entry, key))) return found;
  }
  found.at = goes[0] ? 0 : goes[1] ? 1 : -1;
  found.is_alone = goes[0] && goes[1];
  return found;
}

// A page that is read before it is written is given out twice, and every processor told of it.
[[gnu::always_inline]] inline void take_page(Entry* cell) {
  if (reinterpret_cast<uint64_t>(cell) < kShadowBase + kShadowSize)
    __atomic_fetch_or(cell, 0, __ATOMIC_RELAXED);
}

// Makes the access as `simple` found it. False: another thread has come to the cell, and nothing was done.
bool put_simply(RaceThread& self, Entry* cell, const Simple& found, Entry whole, uint64_t address,
                uint64_t pc, Manner manner);

// Makes it where it is not simple; returns of how many races it told.
uint32_t put_slowly(Entry* cell, Entry key, uint64_t address, uint64_t pc, Manner manner);

}  // namespace gordian::hooks::races
