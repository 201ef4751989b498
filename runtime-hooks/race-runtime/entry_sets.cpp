#include "runtime-hooks/race-runtime/entry_sets.h"

#include "runtime-hooks/kernel.h"

namespace gordian::hooks::races {

namespace {

constexpr uint32_t kWords = 1u << 20;  // of all sets together
constexpr uint32_t kSetBuckets = 1u << 16;

// A set is its header, count | uses << 8 | next << 32, and its entries, in order. Its number is the header's
// place.
constexpr uint32_t kUsesShift = 8;
constexpr uint32_t kUsesOfMany = 2;
static_assert(kMostInSet < 1u << kUsesShift);

constexpr uint32_t count_of(Entry header) {
  return static_cast<uint32_t>(header) & ((1u << kUsesShift) - 1);
}
constexpr uint32_t uses_of(Entry header) {
  return static_cast<uint32_t>(header) >> kUsesShift;
}

struct Sets {
  Entry* words;
  uint32_t used;
  uint32_t buckets[kSetBuckets];
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

Entry* header_at(Entry head) {
  return &sets.words[number_of(head)];
}

// From `next` to `end`, which were heads of the same bucket.
uint32_t find(uint32_t next, uint32_t end, const Entry* entries, uint32_t count) {
  while (next != end) {
    const Entry* set = &sets.words[next];
    const Entry header = load(set);
    if (count_of(header) == count) {
      uint32_t i = 0;
      while (i < count && set[1 + i] == entries[i]) ++i;
      if (i == count) return next;
    }
    next = static_cast<uint32_t>(header >> 32);
  }
  return 0;
}

bool map_words() {
  if (__atomic_load_n(&sets.words, __ATOMIC_ACQUIRE) != nullptr) return true;
  void* mapped = kernel::map(nullptr, sizeof(Entry) * kWords, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
  if (mapped == nullptr) return false;
  Entry* expected = nullptr;
  // Somebody may have been faster.
  if (!__atomic_compare_exchange_n(&sets.words, &expected, static_cast<Entry*>(mapped), false,
                                   __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    kernel::unmap(mapped, sizeof(Entry) * kWords);
  return true;
}

// No lock, and nothing that a handler could find half done: what is not in the bucket nobody knows of.
uint32_t insert(uint32_t* bucket, uint32_t head, const Entry* entries, uint32_t count) {
  const uint32_t number = __atomic_fetch_add(&sets.used, count + 1, __ATOMIC_RELAXED) + 1;
  if (number + count + 1 > kWords) return 0;
  Entry* set = &sets.words[number];
  __builtin_memcpy(set + 1, entries, count * sizeof(Entry));
  uint32_t looked_at = head;
  for (;;) {
    set[0] = uint64_t{head} << 32 | count;
    // Release: who finds the set finds what is in it.
    if (__atomic_compare_exchange_n(bucket, &head, number, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
      return number;
    if (const uint32_t found = find(head, looked_at, entries, count)) return found;
    looked_at = head;
  }
}

}  // namespace

EntrySet set_at(Entry head) {
  const Entry* set = header_at(head);
  return {set + 1, count_of(load(set))};
}

void count_use(Entry head) {
  Entry* set = header_at(head);
  const Entry header = load(set);
  // Two at once may count as one; nothing else of the header changes any more.
  if (uses_of(header) < kUsesOfMany) store(set, header + (Entry{1} << kUsesShift));
}

bool is_alone(Entry head) {
  return is_shared(head) && uses_of(load(header_at(head))) < kUsesOfMany;
}

Entry set_of(Entry* entries, uint32_t count) {
  for (uint32_t i = 1; i < count; ++i) {
    const Entry entry = entries[i];
    uint32_t at = i;
    for (; at > 0 && entries[at - 1] > entry; --at) entries[at] = entries[at - 1];
    entries[at] = entry;
  }
  if (!map_words()) return 0;
  uint32_t* bucket = &sets.buckets[hash_of(entries, count) >> 48];
  static_assert(kSetBuckets == 1u << 16);
  const uint32_t head = __atomic_load_n(bucket, __ATOMIC_ACQUIRE);
  uint32_t number = find(head, 0, entries, count);
  if (number == 0 && __atomic_load_n(&sets.used, __ATOMIC_RELAXED) + count + 2 <= kWords)
    number = insert(bucket, head, entries, count);
  return number == 0 ? 0 : shared(number);
}

}  // namespace gordian::hooks::races
