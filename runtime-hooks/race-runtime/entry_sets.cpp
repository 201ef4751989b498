#include "runtime-hooks/race-runtime/entry_sets.h"

#include "runtime-hooks/kernel.h"

namespace gordian::hooks::races {

namespace {

constexpr uint32_t kWords = 1u << 20;  // of all sets together
constexpr uint32_t kBuckets = 1u << 12;

// A set is its header, count | next << 32, and its entries, in order. Its number is the header's place.
struct Sets {
  Spin lock;
  Entry* words;
  uint32_t used;
  uint32_t buckets[kBuckets];
};
constinit Sets sets{};

uint64_t hash_of(const Entry* entries, uint32_t count) {
  uint64_t hash = count;
  for (uint32_t i = 0; i < count; ++i) {
    hash = (hash ^ entries[i]) * 0x9E3779B97F4A7C15u;
    hash ^= hash >> 29;
  }
  return hash;
}

uint32_t find(uint32_t next, const Entry* entries, uint32_t count) {
  while (next != 0) {
    const Entry* set = &sets.words[next];
    if (static_cast<uint32_t>(set[0]) == count &&
        __builtin_memcmp(set + 1, entries, count * sizeof(Entry)) == 0)
      return next;
    next = static_cast<uint32_t>(set[0] >> 32);
  }
  return 0;
}

uint32_t insert(uint32_t* bucket, const Entry* entries, uint32_t count) {
  SpinGuard guard(sets.lock);
  if (sets.words == nullptr) {
    sets.words = static_cast<Entry*>(kernel::map(nullptr, sizeof(Entry) * kWords, PROT_READ | PROT_WRITE,
                                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1));
    if (sets.words == nullptr) return 0;
    sets.used = 1;
  }
  // Somebody may have been faster.
  if (const uint32_t found = find(*bucket, entries, count)) return found;
  if (sets.used + count + 1 > kWords) return 0;
  const uint32_t number = sets.used;
  sets.used += count + 1;
  sets.words[number] = uint64_t{*bucket} << 32 | count;
  __builtin_memcpy(&sets.words[number + 1], entries, count * sizeof(Entry));
  // Release: who finds the set finds what is in it.
  __atomic_store_n(bucket, number, __ATOMIC_RELEASE);
  return number;
}

}  // namespace

EntrySet set_at(Entry head) {
  const Entry* set = &sets.words[number_of(head & ~kSharedBit)];
  return {set + 1, static_cast<uint32_t>(set[0])};
}

Entry set_of(Entry* entries, uint32_t count) {
  for (uint32_t i = 1; i < count; ++i) {
    const Entry entry = entries[i];
    uint32_t at = i;
    for (; at > 0 && entries[at - 1] > entry; --at) entries[at] = entries[at - 1];
    entries[at] = entry;
  }
  uint32_t* bucket = &sets.buckets[hash_of(entries, count) >> 52];
  static_assert(kBuckets == 1u << 12);
  uint32_t number = find(__atomic_load_n(bucket, __ATOMIC_ACQUIRE), entries, count);
  if (number == 0) {
    if (__atomic_load_n(&sets.used, __ATOMIC_RELAXED) + count + 1 > kWords) return 0;
    // A handler in the middle of it would find it half done.
    const uint64_t signals = kernel::block_signals();
    number = insert(bucket, entries, count);
    kernel::restore_signals(signals);
  }
  return number == 0 ? 0 : shared(number);
}

}  // namespace gordian::hooks::races
