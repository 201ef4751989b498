// Accesses to memory of any length. The words of a range have mostly been through the same: what the first of
// them comes to, all that are like it come to.
#include "runtime-hooks/race-runtime/access.h"
#include "runtime-hooks/race-runtime/cell.h"
#include "runtime-hooks/race-runtime/entry_sets.h"

namespace gordian::hooks::races {

namespace {

// The two entries of a cell at once.
using Pair [[gnu::vector_size(16)]] = Entry;

[[gnu::always_inline]] inline Pair load_pair(const Entry* cell) {
  return *reinterpret_cast<const volatile Pair*>(cell);
}
[[gnu::always_inline]] inline void store_pair(Entry* cell, Pair pair) {
  *reinterpret_cast<volatile Pair*>(cell) = pair;
}
[[gnu::always_inline]] inline bool is_zero(Pair pair) {
  return (pair[0] | pair[1]) == 0;
}

// What becomes of the cell of a whole word.
struct Step {
  Pair seen;
  Pair made;
};

struct RangeAccess {
  RaceThread& self;
  uint64_t address;
  uint64_t pc;
  Entry bits;
  Manner manner;
  Entry context = 0;
  bool is_context_known = false;  // the same for all words

  Entry whole(Entry key) {
    if (!is_context_known) {
      hot.used = true;
      context = context_at(self, pc, manner);
      is_context_known = true;
    }
    return key | context;
  }
};

// In as many cells as are alike, up to `most` or the end of a page; returns how many. They are stored and
// then looked at again: of two threads that come with ranges at the same time, one at least sees the other. A
// single access in the very moment between a cell's load and its store is lost.
uint64_t put_alike(const RangeAccess& range, Entry* cell, const Step& step, Entry key, uint64_t most) {
  constexpr uint64_t kAtOnce = 4;
  const uint64_t in_page = (kPageSize - reinterpret_cast<uint64_t>(cell) % kPageSize) / (2 * sizeof(Entry));
  if (most > in_page) most = in_page;
  if (step.seen[0] == 0 && most == in_page) take_page(cell + 2 * most);
  uint64_t count = 0;
  Entry* place = cell;
  for (; count + kAtOnce <= most; count += kAtOnce, place += 2 * kAtOnce) {
    const Pair other = (load_pair(place) ^ step.seen) | (load_pair(place + 2) ^ step.seen) |
                       (load_pair(place + 4) ^ step.seen) | (load_pair(place + 6) ^ step.seen);
    if (!is_zero(other)) break;
    for (uint64_t i = 0; i < kAtOnce; ++i) store_pair(place + 2 * i, step.made);
  }
  for (; count < most && is_zero(load_pair(place) ^ step.seen); ++count, place += 2)
    store_pair(place, step.made);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  Pair changed = {};
  for (uint64_t i = 0; i < count; ++i) changed |= load_pair(cell + 2 * i) ^ step.made;
  if (is_zero(changed)) [[likely]]
    return count;
  for (uint64_t i = 0; i < count; ++i)
    if (!is_zero(load_pair(cell + 2 * i) ^ step.made))
      access_slowly(cell + 2 * i, key, range.address + 8 * i, range.pc, range.manner);
  return count;
}

// The entries of a cell that has no blocks of its own.
struct Entries {
  Entry of[kMostInSet + 2];
  uint32_t count = 0;

  void add(Entry entry) {
    if (!is_shared(entry)) {
      of[count++] = entry;
      return;
    }
    const EntrySet set = set_at(entry);
    for (uint32_t i = 0; i < set.count; ++i) of[count++] = set.entries[i];
  }
  explicit Entries(Pair pair) {
    add(pair[0]);
    add(pair[1]);
  }
  bool has(Entry entry) const {
    for (uint32_t i = 0; i < count; ++i)
      if (of[i] == entry) return true;
    return false;
  }
};

// Whether the cell came from one to the other by this thread's access alone, without a race, so that others
// that are like it may go the same way.
bool is_own_step(const Step& step, Entry whole) {
  if (has_chain(step.seen[0]) || has_chain(step.made[0])) return false;
  const Entries before(step.seen), after(step.made);
  bool has_own = is_zero(step.seen ^ step.made);
  for (uint32_t i = 0; i < after.count; ++i) {
    const Entry entry = after.of[i];
    if (entry == whole)
      has_own = true;
    else if (entry != 0 && !before.has(entry))
      return false;
  }
  return has_own;
}

// The words from `range.address`, which is a multiple of eight, on; returns how many were done.
uint64_t put_words(RangeAccess& range, Entry* cell, Entry key, uint64_t words) {
  const Simple found = simple(range.self, cell, key);
  if (found.at >= 0) {
    const Entry whole = range.whole(key);
    Step step{{found.seen[0], found.seen[1]}, {found.seen[0], found.seen[1]}};
    step.made[found.at] = whole;
    if (found.is_alone) step.made[1 - found.at] = 0;
    if (const uint64_t done = put_alike(range, cell, step, key, words)) return done;
    access_slowly(cell, key, range.address, range.pc, range.manner);
    return 1;
  }
  Step step{load_pair(cell), {}};
  const bool goes_on = is_zero(load_pair(cell + 2) ^ step.seen);
  if (put_slowly(cell, key, range.address, range.pc, range.manner) != 0 || !goes_on) return 1;
  step.made = load_pair(cell);
  if (!is_own_step(step, range.whole(key))) return 1;
  if (is_shared(step.made[0])) count_use(step.made[0]);
  range.address += 8;
  const uint64_t done = 1 + put_alike(range, cell + 2, step, key, words - 1);
  range.address -= 8;
  return done;
}

// How many words stand as done.
[[gnu::always_inline]] inline uint64_t done_words(const Entry* cell, Entry key, Entry bits, uint64_t most) {
  uint64_t count = 0;
  while (count < most && (is_done(load(cell), key, bits) || is_done(load(cell + 1), key, bits))) {
    ++count;
    cell += 2;
  }
  return count;
}

// Some bytes of a word.
void put_part(RangeAccess& range, uint32_t size) {
  Entry* cell = cell_of(range.address);
  const Entry key = hot.epoch | bytes_bits(range.address & 7, size) | range.bits;
  if (done_words(cell, key, range.bits, 1) != 0) return;
  const Simple found = simple(range.self, cell, key);
  if (found.at < 0 ||
      !put_simply(range.self, cell, found, range.whole(key), range.address, range.pc, range.manner))
    access_slowly(cell, key, range.address, range.pc, range.manner);
}

}  // namespace

[[gnu::noinline]] void access_range(uint64_t address, uint64_t size, Entry bits, uint64_t pc, Manner manner) {
  if (!hot.active || size == 0) return;
  if constexpr (kTracing) trace_access(address, size, bits, pc);
  RangeAccess range{*hot.thread, address, pc, bits, manner};
  const uint64_t end = address + size;
  while (range.address < end) {
    const uint32_t first = range.address & 7;
    const uint64_t left = end - range.address;
    if (first != 0 || left < 8) {
      const uint32_t here = left < 8 - first ? static_cast<uint32_t>(left) : 8 - first;
      put_part(range, here);
      range.address += here;
      continue;
    }
    Entry* cell = cell_of_word(range.address);
    const Entry key = hot.epoch | bytes_bits(0, 8) | bits;
    uint64_t done = done_words(cell, key, bits, left / 8);
    if (done == 0 && left < 16) {
      put_part(range, 8);
      done = 1;
    }
    if (done == 0) done = put_words(range, cell, key, left / 8);
    range.address += 8 * done;
  }
}

}  // namespace gordian::hooks::races
