// An access of the program: looked up in the shadow, compared with what is there, and written down.
#pragma once

#include "runtime-hooks/race-runtime/near.h"
#include "runtime-hooks/race-runtime/thread.h"
#include "runtime-hooks/trace/accesses.h"

namespace gordian::hooks::races {

// What the fast path could not settle. `key`: the access as an entry without its context, within one word.
void access_slowly(Entry* cell, Entry key, uint64_t address, uint64_t pc, Manner manner);

// Into the trace, where there is one: an access as the callbacks have it, `bits` as kWrite. Not the atomic
// ones, whose events are one step with them.
inline void trace_access(uint64_t address, uint64_t size, Entry bits, uint64_t pc) {
  if constexpr (kTracing) {
    if ((bits & kAtomic) != 0) return;
    if ((bits & kWrite) != 0)
      to_file::writes(address, size, pc - 1);
    else
      to_file::reads(address, size, pc - 1);
  }
}

// An access that is not aligned, and may cross words.
void access_split(uint64_t address, uint64_t size, Entry bits, uint64_t pc);
// Any length; `bits` as kWrite.
void access_range(uint64_t address, uint64_t size, Entry bits, uint64_t pc, Manner manner);

// An entry of this thread's own, of this epoch and these bytes, stands for the access; for a read a write
// does as well.
[[gnu::always_inline]] inline bool is_done(Entry entry, Entry key, Entry bits) {
  return (entry ^ key) >> (bits == 0 ? kWriteShift + 1 : kWriteShift) == 0;
}

// Where the program called, looked at only where it is needed.
struct Caller {
  [[gnu::always_inline]] uint64_t operator()() const {
    return reinterpret_cast<uint64_t>(__builtin_return_address(0));
  }
};
struct Given {
  uint64_t pc;
  [[gnu::always_inline]] uint64_t operator()() const { return pc; }
};

// What this thread remembers of that set and such an access.
[[gnu::always_inline]] inline SeenSet& seen_set(RaceThread& self, Entry head, Entry key) {
  const uint64_t mixed = (head ^ key >> kFirstShift) * 0x9E3779B97F4A7C15u;
  static_assert(RaceThread::kSets == 16);
  return self.sets[mixed >> 60];
}

// As access_slowly, but done at once where several have read and this thread knows that it is among them.
void access_again(Entry* cell, Entry key, uint64_t address, uint64_t pc);

// Within one word. What happens nearly always is in one straight line.
template <uint32_t kSize, Entry kBits, typename Pc>
[[gnu::always_inline]] inline void access_within(uint64_t address, uint32_t first, Pc pc) {
  const Entry epoch = hot.watched;
  if (epoch == 0) [[unlikely]]
    return;
  if constexpr (kTracing) trace_access(address, kSize, kBits, pc());
  Entry* cell = kSize == 8 ? cell_of_word(address - first) : cell_of(address);
  const Entry key = epoch | bytes_bits(first, kSize) | kBits;
  if (is_done(load(cell), key, kBits)) [[likely]]
    return;
  if (!is_done(load(cell + 1), key, kBits)) [[unlikely]]
    return access_again(cell, key, address, pc());
}

// What compilers call for one that is aligned, as nearly all are. `kBits`: kWrite, kAtomic.
template <uint32_t kSize, Entry kBits, typename Pc>
[[gnu::always_inline]] inline void access(uint64_t address, Pc pc) {
  static_assert(kSize <= 8);
  if ((address & (kSize - 1)) != 0) [[unlikely]]
    return far.access_split(address, kSize, kBits, pc());
  access_within<kSize, kBits>(address, kSize == 8 ? 0 : address & 7, pc);
}

template <uint32_t kSize, Entry kBits, typename Pc>
[[gnu::always_inline]] inline void access_unaligned(uint64_t address, Pc pc) {
  const uint32_t first = address & 7;
  if (first + kSize > 8) [[unlikely]]
    return far.access_split(address, kSize, kBits, pc());
  access_within<kSize, kBits>(address, first, pc);
}

// The same where the bits are not known beforehand.
template <uint32_t kSize>
inline void access(uint64_t address, Entry bits, uint64_t pc) {
  access_split(address, kSize, bits, pc);
}

}  // namespace gordian::hooks::races
