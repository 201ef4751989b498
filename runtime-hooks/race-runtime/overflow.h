// The entries of cells that have more than two: chains of blocks, each of seven entries: a line of the cache.
//
// A cell that overflows has kManySlot and its first block's number in its first entry, and one more entry in
// its second. Blocks are read and changed under the lock of the cell; a number that was read without it says
// nothing.
#pragma once

#include "runtime-hooks/race-runtime/shadow.h"
#include "runtime-hooks/race-runtime/spin.h"

namespace gordian::hooks::races {

struct Block {
  static constexpr uint32_t kEntries = 7;
  Entry entries[kEntries];
  uint32_t next;  // 0: the last
  uint32_t unused;
};

Spin& lock_of(const Entry* cell);
Block& block_at(uint32_t number);
// An empty one; 0 when there is none.
uint32_t claim_block();
void free_block(uint32_t number);

constexpr Entry many(uint32_t number) {
  return uint64_t{kManySlot} << kSlotShift | number;
}
constexpr bool is_many(Entry entry) {
  return slot_of(entry) == kManySlot;
}
// A number does not fit above the context's bits: these are those of slot and clock.
constexpr uint32_t number_of(Entry entry) {
  return static_cast<uint32_t>(entry & ((uint64_t{1} << kSlotShift) - 1));
}
inline constexpr uint32_t kMaxBlocks = 1u << 26;

}  // namespace gordian::hooks::races
