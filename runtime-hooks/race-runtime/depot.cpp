#include "runtime-hooks/race-runtime/depot.h"

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks::races {

namespace {

// Recursion would make a node of every depth. A call from a place that is among the last callers already
// leads back to that caller's node, so that the stack shows one turn of it.
constexpr uint32_t kCallersLookedAt = 6;
constexpr uint32_t kBuckets = 1u << 18;
constexpr uint32_t kLocksetBuckets = 1024;

struct Node {
  uint64_t word;  // pc << 16 | lockset or manner
  uint32_t parent;
  uint32_t next;  // in the bucket
};

struct Locks {
  uint64_t word;
  uint64_t site;
  uint32_t below;
  uint32_t next;
};

struct Depot {
  Node nodes[kMaxContexts];
  uint32_t buckets[kBuckets];
  Locks locksets[kMaxLocksets];
  uint32_t lockset_buckets[kLocksetBuckets];
};

constinit Depot* depot = nullptr;
constinit uint32_t node_count = 1;
constinit uint32_t lockset_count = 1;

uint64_t mix(uint64_t a, uint64_t b) {
  a = (a ^ b * 0x9E3779B97F4A7C15u) * 0xC2B2AE3D27D4EB4Fu;
  return a ^ a >> 29;
}

// From `next` to `end`, which were heads of the same bucket.
uint32_t find_node(uint32_t next, uint32_t end, uint32_t parent, uint64_t word) {
  for (; next != end; next = depot->nodes[next].next) {
    const Node& node = depot->nodes[next];
    if (node.word == word && node.parent == parent) return next;
  }
  return 0;
}

uint32_t intern(uint32_t parent, uint64_t word) {
  uint32_t* bucket = &depot->buckets[mix(parent, word) % kBuckets];
  uint32_t head = __atomic_load_n(bucket, __ATOMIC_ACQUIRE);
  if (const uint32_t found = find_node(head, 0, parent, word)) return found;
  if (__atomic_load_n(&node_count, __ATOMIC_RELAXED) >= kMaxContexts) {
    runtime.count(Unseen::kEvidence);
    return 0;
  }
  const uint32_t index = __atomic_fetch_add(&node_count, 1, __ATOMIC_RELAXED);
  if (index >= kMaxContexts) return 0;
  Node& node = depot->nodes[index];
  node.word = word;
  node.parent = parent;
  uint32_t looked_at = head;
  for (;;) {
    node.next = head;
    // Release: who finds the node finds what is in it.
    if (__atomic_compare_exchange_n(bucket, &head, index, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE))
      return index;
    if (const uint32_t found = find_node(head, looked_at, parent, word)) return found;
    looked_at = head;
  }
}

}  // namespace

bool map_depot() {
  depot = static_cast<Depot*>(kernel::map(nullptr, sizeof(Depot), PROT_READ | PROT_WRITE,
                                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1));
  return depot != nullptr;
}

uint32_t stack_node(uint32_t parent, uint64_t pc) {
  const uint64_t word = pc << 16;
  uint32_t above = parent;
  for (uint32_t i = 0; i < kCallersLookedAt && above != 0; ++i) {
    if (depot->nodes[above].word == word) return above;
    above = depot->nodes[above].parent;
  }
  return intern(parent, word);
}

uint32_t context_node(uint32_t stack, uint64_t pc, uint32_t lockset_or_manner) {
  return intern(stack, pc << 16 | lockset_or_manner);
}

Place place_of(uint32_t context) {
  if (context == 0) return {};
  const Node& node = depot->nodes[context];
  const auto low = static_cast<uint32_t>(node.word & 0xffff);
  const bool is_manner = low > kNoLockset;
  return {node.word >> 16, node.parent, is_manner ? 0 : low,
          is_manner ? static_cast<Manner>(low) : Manner::kPlain};
}

uint32_t frames_of(uint32_t context, record::Frame* frames, uint32_t capacity) {
  uint32_t count = 0;
  for (uint32_t node = context; node != 0 && count < capacity; node = depot->nodes[node].parent) {
    const uint64_t pc = depot->nodes[node].word >> 16;
    // The callback's call stands just before the access.
    frames[count] = {count == 0 ? pc - 1 : pc, 0};
    ++count;
  }
  return count;
}

uint32_t lockset_with(uint32_t below, uint64_t word, uint64_t site) {
  if (below == kNoLockset) return kNoLockset;
  uint32_t* bucket = &depot->lockset_buckets[mix(mix(below, word), site) % kLocksetBuckets];
  uint32_t head = __atomic_load_n(bucket, __ATOMIC_ACQUIRE);
  for (uint32_t next = head; next != 0; next = depot->locksets[next].next) {
    const Locks& locks = depot->locksets[next];
    if (locks.word == word && locks.site == site && locks.below == below) return next;
  }
  if (__atomic_load_n(&lockset_count, __ATOMIC_RELAXED) >= kMaxLocksets) return kNoLockset;
  const uint32_t index = __atomic_fetch_add(&lockset_count, 1, __ATOMIC_RELAXED);
  if (index >= kMaxLocksets) return kNoLockset;
  Locks& locks = depot->locksets[index];
  locks.word = word;
  locks.site = site;
  locks.below = below;
  do {
    locks.next = head;
  } while (!__atomic_compare_exchange_n(bucket, &head, index, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE));
  return index;
}

uint32_t holds_of(uint32_t lockset, record::Hold* holds, uint32_t capacity) {
  uint32_t count = 0;
  if (lockset >= kMaxLocksets) return 0;
  for (; lockset != 0 && count < capacity; lockset = depot->locksets[lockset].below) {
    holds[count] = {};
    holds[count].word = depot->locksets[lockset].word;
    holds[count].site = depot->locksets[lockset].site;
    ++count;
  }
  return count;
}

}  // namespace gordian::hooks::races
