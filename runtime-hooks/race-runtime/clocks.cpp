#include "runtime-hooks/race-runtime/clocks.h"

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/race-runtime/spin.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks::races {

namespace {

// Arrays of 2^n words, n from kSmallest on; what was outgrown is used again. None shares a cache line with
// another.
constexpr uint32_t kSmallest = 4;
constexpr uint32_t kSizes = kSlotBits - kSmallest + 1;
constexpr uint64_t kStep = 256u << 10;

struct Words {
  Spin lock;
  uint32_t* free[kSizes];
  unsigned char* next;
  unsigned char* end;
};
constinit Words words{};

uint32_t* allocate_words(uint32_t size) {
  SpinGuard guard(words.lock);
  uint32_t*& free = words.free[size];
  if (free != nullptr) {
    uint32_t* found = free;
    __builtin_memcpy(&free, found, sizeof(free));
    return found;
  }
  const uint64_t bytes = sizeof(uint32_t) << (size + kSmallest);
  if (words.next == nullptr || words.next + bytes > words.end) {
    auto* more = static_cast<unsigned char*>(
        kernel::map(nullptr, kStep, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1));
    if (more == nullptr) return nullptr;
    words.next = more;
    words.end = more + kStep;
  }
  auto* found = reinterpret_cast<uint32_t*>(words.next);
  words.next += bytes;
  return found;
}

void free_words(uint32_t* array, uint32_t size) {
  SpinGuard guard(words.lock);
  __builtin_memcpy(array, &words.free[size], sizeof(array));
  words.free[size] = array;
}

struct Slot {
  SlotOwner owner;
  SlotOwner before;
  uint32_t last_clock;
  bool retired;
};

struct Slots {
  Spin lock;
  uint32_t used;  // slots from 1 to here were given out
  uint32_t hand;  // where the search for a retired one goes on
  uint32_t retired;
  Slot slot[kMaxSlots];
};
constinit Slots slots{};

constexpr uint32_t kLookedAt = 64;
constinit bool is_order_lost = false;

void give(Slot& slot, uint32_t serial, uint32_t first_clock) {
  slot.before = slot.owner;
  slot.owner = {serial, 0, first_clock};
  slot.retired = false;
}

// The thread that is to have it knows of all that its last owner did.
bool is_known_to_have_ended(const Slot& slot, const uint32_t* known, uint32_t index) {
  return slot.retired && slot.last_clock + 1 < kMaxClock && known[index] >= slot.last_clock;
}

}  // namespace

bool Clock::grow(uint32_t wanted) {
  if (wanted <= capacity) return true;
  uint32_t size = 0;
  while ((1u << (size + kSmallest)) < wanted) ++size;
  // A handler in the middle of it would find the lists half done.
  const uint64_t signals = kernel::block_signals();
  const bool grown = grow_to(size);
  kernel::restore_signals(signals);
  return grown;
}

bool Clock::grow_to(uint32_t size) {
  uint32_t* larger = allocate_words(size);
  if (larger == nullptr) return false;
  if (width != 0) __builtin_memcpy(larger, values, width * sizeof(uint32_t));
  uint32_t* old = values;
  const uint32_t old_capacity = capacity;
  values = larger;
  capacity = 1u << (size + kSmallest);
  if (old != nullptr) free_words(old, static_cast<uint32_t>(__builtin_ctz(old_capacity)) - kSmallest);
  return true;
}

bool join(uint32_t* into, uint32_t& into_width, const uint32_t* from, uint32_t width) {
  uint32_t changed = 0;
  for (uint32_t i = into_width; i < width; ++i) into[i] = 0;
  for (uint32_t i = 0; i < width; ++i) {
    const uint32_t later = into[i] < from[i] ? from[i] : into[i];
    changed |= later ^ into[i];
    into[i] = later;
  }
  if (into_width < width) into_width = width;
  return changed != 0;
}

bool join(Clock& into, const uint32_t* from, uint32_t width) {
  if (!into.grow(width)) return false;
  return join(into.values, into.width, from, width);
}

void assign(Clock& into, const uint32_t* from, uint32_t width) {
  into.width = 0;
  if (!into.grow(width)) return;
  __builtin_memcpy(into.values, from, width * sizeof(uint32_t));
  into.width = width;
}

bool join(Clock& into, const uint32_t* from, uint32_t width, uint32_t slot, uint32_t told) {
  if (!into.grow(width)) return false;
  const uint32_t before = slot < into.width ? into.values[slot] : 0;
  const bool changed = join(into.values, into.width, from, width);
  into.values[slot] = before < told ? told : before;
  return changed;
}

void assign(Clock& into, const uint32_t* from, uint32_t width, uint32_t slot, uint32_t told) {
  assign(into, from, width);
  if (slot < into.width) into.values[slot] = told;
}

uint32_t claim_slot(const uint32_t* known, uint32_t serial, uint32_t& clock) {
  SpinGuard guard(slots.lock);
  if (slots.retired != 0) {
    for (uint32_t i = 0; i < kLookedAt && i < slots.used; ++i) {
      slots.hand = slots.hand % slots.used + 1;
      Slot& slot = slots.slot[slots.hand];
      if (!is_known_to_have_ended(slot, known, slots.hand)) continue;
      --slots.retired;
      clock = slot.last_clock + 1;
      give(slot, serial, clock);
      return slots.hand;
    }
  }
  if (slots.used + 1 < kMaxSlots) {
    const uint32_t index = ++slots.used;
    clock = 1;
    give(slots.slot[index], serial, clock);
    return index;
  }
  for (uint32_t i = 0; i < slots.used; ++i) {
    slots.hand = slots.hand % slots.used + 1;
    Slot& slot = slots.slot[slots.hand];
    if (!slot.retired || slot.last_clock + 1 >= kMaxClock) continue;
    --slots.retired;
    runtime.count(Unseen::kThreadOrder);
    clock = slot.last_clock + 1;
    give(slot, serial, clock);
    return slots.hand;
  }
  __atomic_store_n(&is_order_lost, true, __ATOMIC_RELAXED);
  runtime.count(Unseen::kThreads);
  return 0;
}

bool order_is_lost() {
  return __atomic_load_n(&is_order_lost, __ATOMIC_RELAXED);
}

void set_tid(uint32_t slot, uint32_t tid) {
  slots.slot[slot].owner.tid = tid;
}

void retire_slot(uint32_t slot, uint32_t last_clock) {
  SpinGuard guard(slots.lock);
  slots.slot[slot].last_clock = last_clock;
  slots.slot[slot].retired = true;
  ++slots.retired;
}

SlotOwner owner_of(uint32_t slot, uint32_t clock) {
  const Slot& found = slots.slot[slot];
  return clock >= found.owner.first_clock ? found.owner : found.before;
}

}  // namespace gordian::hooks::races
