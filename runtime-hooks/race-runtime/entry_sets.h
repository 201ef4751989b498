// Sets of entries that many cells have in common: a table that several threads read has the same readers in
// each of its words.
//
// A cell whose entries are in such a set has kManySlot, kSharedBit and the set's number in its first entry. A
// set never changes and never goes away, so that it is read without a lock; a cell that comes to have other
// entries is given another set. Their number is limited: entries that change all the time would make sets
// without end. When there is no room, a cell has blocks of its own (overflow.h).
#pragma once

#include "runtime-hooks/race-runtime/overflow.h"

namespace gordian::hooks::races {

inline constexpr uint32_t kMostInSet = 64;

constexpr Entry shared(uint32_t number) {
  return many(number) | kSharedBit;
}
constexpr bool is_shared(Entry entry) {
  return is_many(entry) && (entry & kSharedBit) != 0;
}

struct EntrySet {
  const Entry* entries;
  uint32_t count;
};

EntrySet set_at(Entry head);

// How many cells have come to have it is counted roughly, by who puts it into one. Whose set has no other
// cell is one whose entries change all the time, and is better off with blocks of its own.
void count_use(Entry head);
bool is_alone(Entry head);

// The set's cell entry; 0 where there is no room for a new one. Sorts what it is given.
Entry set_of(Entry* entries, uint32_t count);

}  // namespace gordian::hooks::races
