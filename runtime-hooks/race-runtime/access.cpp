#include "runtime-hooks/race-runtime/access.h"

#include "runtime-hooks/race-runtime/overflow.h"
#include "runtime-hooks/race-runtime/race_report.h"

namespace gordian::hooks::races {

namespace {

// What an access finds in a place of its cell.
enum class Finds { kNothing, kItself, kGivesWay, kStays, kRaces };

bool happened_before(const RaceThread& self, Entry entry) {
  // A handler may have come between the two steps of a new epoch: what is the thread's own is asked for by
  // name.
  return clock_of(entry) <= self.values[slot_of(entry)] || slot_of(entry) == self.slot;
}

// `key` is about to be done by the calling thread. The rules are those of shadow.h: an entry gives way to one
// that comes after it and conflicts with all that it conflicts with.
Finds look_at(const RaceThread& self, Entry entry, Entry key) {
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

class Many {
 public:
  Many(Entry* cell, Racers& racers) : cell_(cell), racers_(racers) {}

  // The cell has, or gets, a chain of blocks. False: it has none any more, and is to be looked at again.
  bool put(RaceThread& self, Entry key, uint64_t pc, Manner manner) {
    SpinGuard guard(lock_of(cell_));
    const Entry head = load(cell_);
    if (!is_many(head)) return false;
    const uint32_t first = number_of(head);
    Entry* free = nullptr;
    uint32_t kept = 0;
    Entry keeps[2] = {};
    bool known = false;
    auto visit = [&](Entry* place) {
      const Entry entry = load(place);
      switch (look_at(self, entry, key)) {
        case Finds::kItself:
          known = true;
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
          break;
      }
      if (kept < 2) keeps[kept] = entry;
      ++kept;
    };
    visit(&cell_[1]);
    uint32_t last = first;
    for (uint32_t number = first; number != 0; number = block_at(number).next) {
      for (Entry& place : block_at(number).entries) visit(&place);
      last = number;
    }
    if (known) return true;
    hot.used = true;
    const Entry whole = key | context_at(self, pc, manner);
    if (kept < 2) {
      store(&cell_[1], keeps[0]);
      store(&cell_[0], whole);
      for (uint32_t number = first; number != 0;) {
        const uint32_t next = block_at(number).next;
        free_block(number);
        number = next;
      }
      return true;
    }
    if (free == nullptr) {
      const uint32_t more = claim_block();
      if (more == 0) {
        store(&cell_[1], whole);
        return true;
      }
      block_at(last).next = more;
      free = &block_at(more).entries[0];
    }
    store(free, whole);
    return true;
  }

  // Both places are taken by what stays.
  void begin(Entry whole) {
    SpinGuard guard(lock_of(cell_));
    const Entry head = load(cell_);
    const uint32_t number = is_many(head) ? 0 : claim_block();
    if (number == 0) {
      store(&cell_[1], whole);
      return;
    }
    Block& block = block_at(number);
    store(&block.entries[0], head);
    store(&block.entries[1], whole);
    store(&cell_[0], many(number));
  }

 private:
  Entry* cell_;
  Racers& racers_;
};

// False: the cell has come to overflow meanwhile.
bool put_in_cell(RaceThread& self, Entry* cell, Entry key, uint64_t pc, Manner manner, Racers& racers) {
  const Entry entry[2] = {load(cell), load(cell + 1)};
  if (is_many(entry[0])) return false;
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
    store(&cell[i], both);
    if (finds[1 - i] == Finds::kGivesWay) store(&cell[1 - i], 0);
    return true;
  }
  for (int i = 0; i < 2; ++i) {
    if (finds[i] != Finds::kNothing && finds[i] != Finds::kGivesWay) continue;
    store(&cell[i], whole);
    if (i == 0 && finds[1] == Finds::kGivesWay) store(&cell[1], 0);
    return true;
  }
  Many(cell, racers).begin(whole);
  return true;
}

}  // namespace

[[gnu::noinline]] void access_slowly(Entry* cell, Entry key, uint64_t address, uint64_t pc, Manner manner) {
  RaceThread& self = *hot.thread;
  Racers racers;
  for (int tries = 0; tries < 3; ++tries) {
    racers.count = 0;
    if (put_in_cell(self, cell, key, pc, manner, racers)) break;
    racers.count = 0;
    if (Many(cell, racers).put(self, key, pc, manner)) break;
  }
  for (uint32_t i = 0; i < racers.count; ++i)
    tell_race(self, address & ~uint64_t{7}, racers.entry[i], key, pc, manner);
}

[[gnu::noinline]] void access_split(uint64_t address, uint64_t size, Entry bits, uint64_t pc) {
  access_range(address, size, bits, pc, Manner::kPlain);
}

[[gnu::noinline]] void access_range(uint64_t address, uint64_t size, Entry bits, uint64_t pc, Manner manner) {
  if (!hot.active || size == 0) return;
  const uint64_t end = address + size;
  while (address < end) {
    const uint32_t first = address & 7;
    const uint64_t left = end - address;
    const uint32_t here = left < 8 - first ? static_cast<uint32_t>(left) : 8 - first;
    Entry* cell = cell_of(address);
    const Entry key = hot.epoch | bytes_bits(first, here) | bits;
    if (!is_done(load(cell), key) && !is_done(load(cell + 1), key))
      access_slowly(cell, key, address, pc, manner);
    address += here;
  }
}

}  // namespace gordian::hooks::races
