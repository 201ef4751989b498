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
  // This thread's own, of this epoch and these bytes; for a read a write does as well.
  const Entry different = load(cell) ^ key;
  if ((bits == 0 ? different & ~kWrite : different) >> kContextBits == 0) [[likely]]
    return;
  access_slowly(cell, key, address, pc, Manner::kPlain);
}

}  // namespace gordian::hooks::races
