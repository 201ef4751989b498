// What is remembered of every eight bytes of the program's memory: a cell of two entries, found by
// arithmetic.
//
// An entry is one access (or several of one thread's in one epoch, from one place, side by side), in 64 bits:
//
//   63..42  clock     of the thread's slot when the access was made
//   41..30  slot      who made it (clocks.h); kManySlot and kBlockSlot are no slots of threads
//   29..27  first     of the bytes of the word
//   26..24  length    of the bytes, less one
//   23      atomic
//   22      write
//   21..0   context   where it was made (depot.h)
//
// An empty entry is zero. An entry leaves a cell only when another one stands for it: one that comes after it
// in happens-before, covers its bytes and conflicts with all that it conflicts with. So a cell holds the last
// write and all concurrent reads, however many; what does not fit in two entries is in blocks (overflow.h).
// Flanagan, Freund: FastTrack, PLDI 2009.
//
// Threads: cells are read with relaxed 64-bit loads; a new entry is exchanged for the one that was seen, so
// that of two threads that come at once one sees the other. Memory whose life ends is cleared without that.
#pragma once

#include <cstdint>

namespace gordian::hooks::races {

inline constexpr uint32_t kContextBits = 22;
inline constexpr uint32_t kSlotBits = 12;
inline constexpr uint32_t kClockBits = 22;
inline constexpr uint32_t kMaxContexts = 1u << kContextBits;
inline constexpr uint32_t kMaxSlots = (1u << kSlotBits) - 2;
inline constexpr uint32_t kMaxClock = (1u << kClockBits) - 1;
inline constexpr uint32_t kManySlot = kMaxSlots + 1;  // the cell's entries are in blocks
inline constexpr uint32_t kBlockSlot = kMaxSlots;     // where a block of the heap begins (heap.h)

inline constexpr uint32_t kAtomicShift = 23;
inline constexpr uint32_t kWriteShift = 22;
inline constexpr uint32_t kLengthShift = 24;
inline constexpr uint32_t kFirstShift = 27;
inline constexpr uint32_t kSlotShift = 30;
inline constexpr uint32_t kClockShift = 42;
inline constexpr uint64_t kWrite = uint64_t{1} << kWriteShift;
inline constexpr uint64_t kAtomic = uint64_t{1} << kAtomicShift;
inline constexpr uint64_t kContextMask = kMaxContexts - 1;

using Entry = uint64_t;

constexpr Entry make_epoch(uint32_t slot, uint32_t clock) {
  return uint64_t{clock} << kClockShift | uint64_t{slot} << kSlotShift;
}
constexpr Entry bytes_bits(uint32_t first, uint32_t size) {
  return uint64_t{first} << kFirstShift | uint64_t{size - 1} << kLengthShift;
}
constexpr uint32_t clock_of(Entry entry) {
  return static_cast<uint32_t>(entry >> kClockShift);
}
constexpr uint32_t slot_of(Entry entry) {
  return static_cast<uint32_t>(entry >> kSlotShift) & ((1u << kSlotBits) - 1);
}
constexpr uint32_t first_of(Entry entry) {
  return static_cast<uint32_t>(entry >> kFirstShift) & 7;
}
constexpr uint32_t size_of(Entry entry) {
  return (static_cast<uint32_t>(entry >> kLengthShift) & 7) + 1;
}
constexpr uint32_t context_of(Entry entry) {
  return static_cast<uint32_t>(entry & kContextMask);
}
constexpr bool is_write(Entry entry) {
  return (entry & kWrite) != 0;
}
constexpr bool is_atomic(Entry entry) {
  return (entry & kAtomic) != 0;
}
constexpr uint32_t mask_of(Entry entry) {
  return (0xffu >> (8 - size_of(entry))) << first_of(entry);
}
constexpr bool same_epoch(Entry a, Entry b) {
  return (a ^ b) >> kSlotShift == 0;
}

// The shadow takes twice the space of what it is the shadow of. The low 44 bits of an address tell the parts
// of the address space apart in which Linux puts programs, heaps, libraries and stacks.
inline constexpr uint64_t kShadowBase = 0x3000'0000'0000;
inline constexpr uint32_t kShadowedBits = 44;
inline constexpr uint64_t kShadowSize = uint64_t{1} << (kShadowedBits + 1);

// Of an address that is a multiple of eight: shorter.
[[gnu::always_inline]] inline Entry* cell_of_word(uint64_t address) {
  constexpr uint32_t kAbove = 64 - kShadowedBits;
  return reinterpret_cast<Entry*>(kShadowBase + (address << kAbove >> (kAbove - 1)));
}
[[gnu::always_inline]] inline Entry* cell_of(uint64_t address) {
  return cell_of_word(address & ~uint64_t{7});
}
// Of the word that a cell stands for, as far as it can be told: the bits that the shadow knows.
inline uint64_t word_of(const Entry* cell) {
  return (reinterpret_cast<uint64_t>(cell) - kShadowBase) >> 1;
}

[[gnu::always_inline]] inline Entry load(const Entry* place) {
  return __atomic_load_n(place, __ATOMIC_RELAXED);
}
[[gnu::always_inline]] inline void store(Entry* place, Entry entry) {
  __atomic_store_n(place, entry, __ATOMIC_RELAXED);
}

inline constexpr uint64_t kPageSize = 4096;

// Called once; false where there is no room for it, and then nothing is watched for races.
bool map_shadow();

// Nothing was ever done in that range: memory that is new, or whose life has ended. `soon_used`: new, and not
// so much that it may stay unused.
void clear_shadow(uint64_t low, uint64_t high, bool soon_used = false);

}  // namespace gordian::hooks::races
