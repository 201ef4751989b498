#include "runtime-hooks/race-runtime/access.h"

#include "runtime-hooks/race-runtime/cell.h"
#include "runtime-hooks/race-runtime/entry_sets.h"
#include "runtime-hooks/race-runtime/overflow.h"
#include "runtime-hooks/race-runtime/race_report.h"

namespace gordian::hooks::races {

namespace {

// One access, or many of one kind that lie side by side: the entry that stands for both, or 0.
Entry merged(Entry entry, Entry whole) {
  constexpr Entry kBytes = uint64_t{0x3f} << kLengthShift;
  if (((entry ^ whole) & ~kBytes) != 0) return 0;
  const uint32_t a = first_of(entry), b = first_of(whole);
  const uint32_t a_end = a + size_of(entry), b_end = b + size_of(whole);
  if (a > b_end || b > a_end) return 0;
  const uint32_t first = a < b ? a : b;
  const uint32_t end = a_end > b_end ? a_end : b_end;
  return (whole & ~kBytes) | bytes_bits(first, end - first);
}

// A race is told when the cell is in order again: the telling takes its time.
struct Racers {
  static constexpr uint32_t kMost = 8;
  Entry entry[kMost];
  uint32_t count = 0;
  void add(Entry racer) {
    if (count < kMost) entry[count++] = racer;
  }
};

// One thread's, and the same but for their clocks and contexts.
bool is_of_same_kind(Entry a, Entry b) {
  constexpr Entry kCompared = (Entry{1} << (kClockShift - kContextBits)) - 1;
  return ((a ^ b) >> kContextBits & kCompared) == 0;
}

// By the six bits of an entry that say which bytes.
struct Masks {
  uint8_t of[64];
};
constexpr Masks masks = [] {
  Masks made{};
  for (uint32_t bytes = 0; bytes < 64; ++bytes)
    made.of[bytes] = static_cast<uint8_t>(mask_of(Entry{bytes} << kLengthShift));
  return made;
}();
bool is_elsewhere(Entry entry, uint32_t mask) {
  return (masks.of[entry >> kLengthShift & 63] & mask) == 0;
}

// Cells with blocks. The last access is in the cell's own second entry, where the fast path finds it.
class Many {
 public:
  Many(Entry* cell, Racers& racers) : cell_(cell), racers_(racers) {}

  // False: the cell has no chain of blocks any more, and is to be looked at again.
  bool put(RaceThread& self, Entry key, uint64_t pc, Manner manner) {
    SpinGuard guard(lock_of(cell_));
    const Entry head = load(cell_);
    if (!has_chain(head)) return false;
    __builtin_prefetch(&block_at(number_of(head)));
    const bool is_alone = slot_of(load(&cell_[1])) == self.slot;
    if (Entry* turn = is_alone && (head & kRacedBit) == 0 ? earlier_turn(head, key) : nullptr) {
      if (!same_epoch(load(turn), key)) {
        hot.used = true;
        store(turn, key | context_at(self, pc, manner));
      }
      put_forward(turn);
      return true;
    }
    put_among_others(self, head, key, pc, manner);
    const Entry now = load(cell_);
    if (!is_many(now)) return true;
    const uint32_t alone_since = is_alone ? clock_of(head) : clock_of(key);
    const Entry raced = racers_.count != 0 ? kRacedBit : head & kRacedBit;
    const Entry updated = many(number_of(now), alone_since) | raced;
    if (updated != now) store(cell_, updated);
    return true;
  }

  // A chain of the cell's own, where `head` was its first entry. `newest`: among the entries, the access
  // itself.
  bool begin(Entry head, const Entry* entries, uint32_t count, Entry newest) {
    SpinGuard guard(lock_of(cell_));
    if (load(cell_) != head) return false;  // another thread was here
    uint32_t first = 0;
    for (uint32_t i = 0; i < count;) {
      const uint32_t number = claim_block();
      if (number == 0) break;
      for (Entry& place : block_at(number).entries) {
        if (i < count && entries[i] == newest) ++i;
        if (i < count) store(&place, entries[i++]);
      }
      block_at(number).next = first;
      first = number;
    }
    store(&cell_[1], newest);
    const Entry raced = racers_.count != 0 ? kRacedBit : 0;
    if (first != 0) store(&cell_[0], many(first, clock_of(newest)) | raced);
    return true;
  }

 private:
  // Where the thread has done the same since it is alone here. What others did before was looked at then.
  Entry* earlier_turn(Entry head, Entry key) {
    const uint32_t alone_since = clock_of(head);
    auto is_it = [=](const Entry* place) {
      const Entry entry = load(place);
      return is_of_same_kind(entry, key) && clock_of(entry) >= alone_since;
    };
    if (is_it(&cell_[1])) return &cell_[1];
    for (uint32_t number = number_of(head); number != 0; number = block_at(number).next)
      for (Entry& place : block_at(number).entries)
        if (is_it(&place)) return &place;
    return nullptr;
  }

  void put_among_others(RaceThread& self, Entry head, Entry key, uint64_t pc, Manner manner) {
    const uint32_t first = number_of(head);
    Entry* free = nullptr;
    uint32_t kept = 0;
    Entry kept_one = 0;
    Entry* known = nullptr;
    Entry* own = nullptr;  // perhaps the same access to the bytes beside
    const uint32_t here = mask_of(key);
    auto visit = [&](Entry * place) __attribute__((always_inline)) {
      const Entry entry = load(place);
      switch (entry != 0 && is_elsewhere(entry, here) ? Finds::kStays : look_at(self, entry, key)) {
        case Finds::kItself:
          known = place;
          break;
        case Finds::kGivesWay:
          store(place, 0);
          [[fallthrough]];
        case Finds::kNothing:
          if (free == nullptr) free = place;
          return;
        case Finds::kRaces:
          racers_.add(entry);
          break;
        case Finds::kStays:
          if (same_epoch(entry, key)) own = place;
          break;
      }
      kept_one = entry;
      ++kept;
    };
    visit(&cell_[1]);
    uint32_t last = first;
    for (uint32_t number = first; number != 0;) {
      Block& block = block_at(number);
      for (Entry& place : block.entries) visit(&place);
      last = number;
      number = block.next;
    }
    if (known != nullptr) {
      put_forward(known);
      return;
    }
    hot.used = true;
    const Entry whole = key | context_at(self, pc, manner);
    if (const Entry both = own != nullptr ? merged(load(own), whole) : 0; both != 0) {
      store(own, both);
      put_forward(own);
      return;
    }
    // One block with few entries is left for those that will come.
    if (kept == 0 || (kept == 1 && block_at(first).next != 0)) {
      store(&cell_[1], kept_one);
      store(&cell_[0], whole);
      free_chain(first);
      return;
    }
    if (free == nullptr) {
      const uint32_t more = claim_block();
      if (more == 0) {
        store(&cell_[1], whole);
        return;
      }
      block_at(last).next = more;
      free = &block_at(more).entries[0];
    }
    store(free, whole);
    put_forward(free);
  }

  void put_forward(Entry* place) {
    if (place == &cell_[1]) return;
    const Entry other = load(&cell_[1]);
    store(&cell_[1], load(place));
    store(place, other);
  }

  Entry* cell_;
  Racers& racers_;
};

// Exchanged and not stored: of two threads that come to the same cell at the same time, one at least sees the
// other.
bool replace(Entry* place, Entry expected, Entry entry) {
  return __atomic_compare_exchange_n(place, &expected, entry, false, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED);
}

// The same, where another thread may meanwhile have come to the cell's other place.
bool replace_beside(const RaceThread& self, Entry* cell, const Entry (&seen)[2], int at, Entry entry,
                    Entry key, Racers& racers) {
  if (!replace(&cell[at], seen[at], entry)) return false;
  const Entry other = load(&cell[1 - at]);
  if (other != seen[1 - at] && look_at(self, other, key) == Finds::kRaces) racers.add(other);
  return true;
}

// Whether other cells are likely to have the same entries: those of a table that several threads read, and
// not those of a record whose small fields lie in one word.
bool may_be_common(Entry head, const Entry* entries, uint32_t count) {
  if (count > kMostInSet || is_alone(head)) return false;
  if (is_shared(head)) return true;
  for (uint32_t i = 1; i < count; ++i)
    if (mask_of(entries[i]) != mask_of(entries[0])) return false;
  return true;
}

// More than two entries: in a set, or in blocks.
// False: the cell has changed. `set`: what it has now, 0 for blocks.
bool put_many(Entry* cell, Entry head, Entry beside, Entry* entries, uint32_t count, Entry newest,
              Racers& racers, Entry& set) {
  set = may_be_common(head, entries, count) ? set_of(entries, count) : 0;
  if (set == 0) return Many(cell, racers).begin(head, entries, count, newest);
  if (!replace(&cell[0], head, set)) return false;
  count_use(set);
  // Another thread's stays.
  if (beside != 0) replace(&cell[1], beside, 0);
  return true;
}

// The cell's entries are `head`'s set, and `beside`.
bool put_in_set(RaceThread& self, Entry* cell, Entry head, Entry beside, Entry key, uint64_t pc,
                Manner manner, Racers& racers) {
  SeenSet& seen = seen_set(self, head, key);
  const bool is_known = beside == 0 && seen.from == head;
  if (is_known && seen.to == head && (seen.whole ^ key) >> kContextBits == 0) return true;
  if (is_known && seen.to != head && seen.others == self.others && (seen.whole ^ key) >> kContextBits == 0 &&
      seen.whole == (key | context_at(self, pc, manner))) {
    hot.used = true;
    if (!replace(&cell[0], head, seen.to)) return false;
    count_use(seen.to);
    return true;
  }
  const EntrySet set = set_at(head);
  Entry entries[kMostInSet + 2];
  uint32_t count = 0;
  for (uint32_t i = 0; i <= set.count; ++i) {
    const Entry entry = i < set.count ? set.entries[i] : beside;
    switch (look_at(self, entry, key)) {
      case Finds::kItself:
        if (beside == 0) seen = {head, key, head, self.others};
        return true;
      case Finds::kRaces:
        racers.add(entry);
        [[fallthrough]];
      case Finds::kStays:
        entries[count++] = entry;
        break;
      case Finds::kNothing:
      case Finds::kGivesWay:
        break;
    }
  }
  hot.used = true;
  const Entry whole = key | context_at(self, pc, manner);
  Entry newest = whole;
  bool is_merged = false;
  for (uint32_t i = 0; i < count && !is_merged; ++i) {
    const Entry both = merged(entries[i], whole);
    is_merged = both != 0;
    if (is_merged) newest = entries[i] = both;
  }
  if (!is_merged) entries[count++] = whole;
  if (count <= 2) {
    if (!replace(&cell[0], head, entries[0])) return false;
    replace(&cell[1], beside, count == 2 ? entries[1] : 0);
    return true;
  }
  Entry next = 0;
  if (!put_many(cell, head, beside, entries, count, newest, racers, next)) return false;
  if (next != 0 && beside == 0 && racers.count == 0) seen = {head, whole, next, self.others};
  return true;
}

// False: the cell has a chain of blocks, or another thread has changed it.
bool put_in_cell(RaceThread& self, Entry* cell, Entry key, uint64_t pc, Manner manner, Racers& racers) {
  const Entry entry[2] = {load(cell), load(cell + 1)};
  if (is_many(entry[0])) {
    if (!is_shared(entry[0])) return false;
    return put_in_set(self, cell, entry[0], entry[1], key, pc, manner, racers);
  }
  Finds finds[2];
  for (int i = 0; i < 2; ++i) {
    finds[i] = look_at(self, entry[i], key);
    if (finds[i] == Finds::kItself) return true;
  }
  for (int i = 0; i < 2; ++i)
    if (finds[i] == Finds::kRaces) racers.add(entry[i]);
  hot.used = true;
  const Entry whole = key | context_at(self, pc, manner);
  for (int i = 0; i < 2; ++i) {
    if (finds[i] != Finds::kStays) continue;
    const Entry both = merged(entry[i], whole);
    if (both == 0) continue;
    return replace_beside(self, cell, entry, i, both, key, racers);
  }
  for (int i = 0; i < 2; ++i) {
    if (finds[i] != Finds::kNothing && finds[i] != Finds::kGivesWay) continue;
    if (!replace_beside(self, cell, entry, i, whole, key, racers)) return false;
    if (i == 0 && finds[1] == Finds::kGivesWay) replace(&cell[1], entry[1], 0);
    return true;
  }
  Entry all[3] = {entry[0], entry[1], whole};
  Entry set = 0;
  return put_many(cell, entry[0], entry[1], all, 3, whole, racers, set);
}

// Who goes along memory comes to the next page soon.
[[gnu::always_inline]] inline void take_next_page(Entry* cell) {
  if (reinterpret_cast<uint64_t>(cell) % kPageSize == 0) [[unlikely]]
    take_page(cell + kPageSize / sizeof(Entry));
}

}  // namespace

bool put_simply(RaceThread& self, Entry* cell, const Simple& found, Entry whole, uint64_t address,
                uint64_t pc, Manner manner) {
  const int other_at = 1 - found.at;
  if (found.seen[0] == 0) take_next_page(cell);
  if (!replace(&cell[found.at], found.seen[found.at], whole)) return false;
  const Entry other = load(&cell[other_at]);
  if (other != found.seen[other_at]) {
    if (look_at(self, other, whole) == Finds::kRaces)
      tell_race(self, address & ~uint64_t{7}, other, whole & ~Entry{kContextMask}, pc, manner);
  } else if (found.is_alone && other != 0) {
    replace(&cell[other_at], other, 0);
  }
  return true;
}

uint32_t put_slowly(Entry* cell, Entry key, uint64_t address, uint64_t pc, Manner manner) {
  RaceThread& self = *hot.thread;
  Racers racers;
  for (int tries = 0; tries < 16; ++tries) {
    racers.count = 0;
    if (put_in_cell(self, cell, key, pc, manner, racers)) break;
    racers.count = 0;
    if (Many(cell, racers).put(self, key, pc, manner)) break;
  }
  for (uint32_t i = 0; i < racers.count; ++i)
    tell_race(self, address & ~uint64_t{7}, racers.entry[i], key, pc, manner);
  return racers.count;
}

[[gnu::noinline]] void access_slowly(Entry* cell, Entry key, uint64_t address, uint64_t pc, Manner manner) {
  RaceThread& self = *hot.thread;
  const Simple found = simple(self, cell, key);
  if (found.at >= 0) {
    hot.used = true;
    if (put_simply(self, cell, found, key | context_at(self, pc, manner), address, pc, manner)) return;
  }
  put_slowly(cell, key, address, pc, manner);
}

[[gnu::noinline]] void access_split(uint64_t address, uint64_t size, Entry bits, uint64_t pc) {
  access_range(address, size, bits, pc, Manner::kPlain);
}

}  // namespace gordian::hooks::races
