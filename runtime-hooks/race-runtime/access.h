// An access of the program: looked up in the shadow, compared with what is there, and written down.
#pragma once

#include "runtime-hooks/race-runtime/thread.h"

namespace gordian::hooks::races {

// What the fast path could not settle. `key`: the access as an entry without its context, within one word.
void access_slowly(Entry* cell, Entry key, uint64_t address, uint64_t pc, Manner manner);

// An access that may cross words.
void access_split(uint64_t address, uint64_t size, Entry bits, uint64_t pc);
// Any length; `bits` as kWrite.
void access_range(uint64_t address, uint64_t size, Entry bits, uint64_t pc, Manner manner);

// An entry of this thread's own, of this epoch and these bytes, stands for the access; for a read a write
// does as well.
[[gnu::always_inline]] inline bool is_done(Entry entry, Entry key) {
  const bool is_plain_read = (key & (kWrite | kAtomic)) == 0;
  return (entry ^ key) >> (is_plain_read ? kWriteShift + 1 : kWriteShift) == 0;
}

// `bits`: kWrite, kAtomic.
template <uint32_t kSize>
[[gnu::always_inline]] inline void access(uint64_t address, Entry bits, uint64_t pc) {
  static_assert(kSize <= 8);
  if (!hot.active) return;
  const uint32_t first = address & 7;
  if (kSize > 1 && first + kSize > 8) [[unlikely]]
    return access_split(address, kSize, bits, pc);
  Entry* cell = cell_of(address);
  const Entry key = hot.epoch | bytes_bits(first, kSize) | bits;
  if (is_done(load(cell), key)) [[likely]]
    return;
  if (is_done(load(cell + 1), key)) return;
  access_slowly(cell, key, address, pc, Manner::kPlain);
}

}  // namespace gordian::hooks::races
