// The entries of cells that have more than two: chains of blocks, each of seven entries: a line of the cache.
//
// A cell that overflows has kManySlot and its first block's number in its first entry, and its last access in
// its second. In the place of the first entry's clock is the one at which the last access's thread began to
// be alone here: whatever it has done since then need not be compared with what others did before. kRacedBit:
// it is nevertheless. Blocks are read and changed under the lock of the cell; a number that was read without
// it says nothing.
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
[[gnu::visibility("hidden")]] extern constinit Block* block_base;
inline Block& block_at(uint32_t number) {
  return block_base[number];
}
// An empty one; 0 when there is none.
uint32_t claim_block();
void free_block(uint32_t number);
// It and those after it. With the cell's lock.
void free_chain(uint32_t first);
// Memory whose life ends: the cell is empty, its blocks are free.
void clear_chain(Entry* cell);

inline constexpr uint32_t kBlockBits = 26;
inline constexpr uint32_t kMaxBlocks = 1u << kBlockBits;
inline constexpr Entry kRacedBit = Entry{1} << kBlockBits;

constexpr Entry many(uint32_t number) {
  return uint64_t{kManySlot} << kSlotShift | number;
}
constexpr Entry many(uint32_t number, uint32_t alone_since) {
  return many(number) | uint64_t{alone_since} << kClockShift;
}
constexpr bool is_many(Entry entry) {
  return slot_of(entry) == kManySlot;
}
// kManySlot with blocks of the cell's own, and not a set (entry_sets.h).
inline constexpr Entry kSharedBit = Entry{1} << (kSlotShift - 1);
constexpr bool has_chain(Entry entry) {
  return is_many(entry) && (entry & kSharedBit) == 0;
}
constexpr uint32_t number_of(Entry entry) {
  return static_cast<uint32_t>(entry) & (kMaxBlocks - 1);
}

}  // namespace gordian::hooks::races
