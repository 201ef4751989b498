#include "runtime-hooks/order.h"

#include "runtime-hooks/evidence.h"
#include "runtime-hooks/order_table.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

using record::OrderNode;

namespace {

// Kinds that one thread can keep from another by holding them.
bool is_lock(ResourceKind kind) {
  return has_single_owner(kind) || kind == ResourceKind::kSemaphore;
}

bool is_signal(const record::ResourceRecord* resource) {
  return resource->usage == static_cast<uint8_t>(record::Usage::kSignal);
}

// It was met a moment ago, as a rule.
const record::ResourceRecord* find_known(ResourceKind kind, uint64_t address) {
  const SeenResource& seen = seen_resource(local.own, address);
  if (seen.tag == seen_tag(local.own, kind, address) && seen.index != UINT32_MAX)
    return &runtime.resource(seen.index);
  return resources.find(kind, address);
}

// What an entry of a thread's record says of the order; `found` is false for what is not a lock in hand.
struct Step {
  OrderKey key;
  const Hold* entry = nullptr;
  bool found = false;
};

Step step_of(const Hold* entry) {
  Step step;
  if (entry == nullptr || record::word_status(entry->word) != HoldStatus::kHeld) return step;
  const ResourceKind kind = record::word_kind(entry->word);
  if (!is_lock(kind)) return step;
  const record::ResourceRecord* resource = find_known(kind, record::word_address(entry->word));
  if (resource == nullptr) return step;
  if (kind == ResourceKind::kSemaphore && (is_signal(resource) || entry->generation != resource->generation))
    return step;
  step.key = {runtime.resource_index(resource), resource->generation, entry->site, kind,
              (entry->word & record::kSharedBit) != 0};
  step.entry = entry;
  step.found = true;
  return step;
}

// An attempt, with everything that is asked of the table about it.
struct Attempt {
  const ThreadRecord* self;
  OrderKey key;
  uint8_t bits;
};

constexpr uint32_t kMissing = UINT32_MAX;

// The node of the attempt, along everything that is held; 0 where the lock is among it: to take again what
// one has orders nothing. kMissing where a node is missing and may not be made, or finds no room.
uint32_t follow(const Attempt& attempt, bool may_insert) {
  uint32_t node = 0;
  for (uint32_t i = 0; i < record::progress_depth(attempt.self->progress); ++i) {
    const Step step = step_of(entry_at(attempt.self, i));
    if (!step.found) continue;
    if (step.key.kind == attempt.key.kind && step.key.resource == attempt.key.resource) return 0;
    node = may_insert ? order_table.insert(node, step.key) : order_table.find(node, step.key);
    if (node == 0) return kMissing;
  }
  node = may_insert ? order_table.insert(node, attempt.key) : order_table.find(node, attempt.key);
  return node == 0 ? kMissing : node;
}

bool has_room_for_stack(const OrderNode& node) {
  return __atomic_load_n(&node.evidence, __ATOMIC_ACQUIRE) == 0;
}

// How many stacks were kept of a path of call sites, whatever locks were taken there: a table of locks makes
// one path many nodes. The reader lends them what was kept of the first.
constexpr uint32_t kWayBits = 12;
constexpr uint32_t kCountBits = 6;
constexpr uint16_t kMostStacksOfWay = 32;
constinit uint16_t stacks_of_way[1u << kWayBits] = {};  // a part of the path's key, and how many

bool wants_stack(const Attempt& attempt) {
  uint64_t key = 0;
  for (uint32_t i = 0; i < record::progress_depth(attempt.self->progress); ++i) {
    const Hold* entry = entry_at(attempt.self, i);
    if (entry != nullptr) key = chain_key(key, 0, entry->site);
  }
  key = chain_key(key, 0, attempt.key.site);
  uint16_t& way = stacks_of_way[key >> (64 - kWayBits)];
  const auto tag = static_cast<uint16_t>(key << kCountBits);
  const uint16_t known = __atomic_load_n(&way, __ATOMIC_RELAXED);
  constexpr uint16_t kCount = (1u << kCountBits) - 1;
  // Another path in the same place begins anew: stacks too many are better than none.
  const uint16_t count = (known & ~kCount) == tag ? known & kCount : 0;
  if (count == kMostStacksOfWay) return false;
  __atomic_store_n(&way, static_cast<uint16_t>(tag | (count + 1)), __ATOMIC_RELAXED);
  return true;
}

// More would be too much for a small stack; those beyond are known by their call sites alone.
constexpr uint32_t kMostHolds = 8;

// Keeps the stack of the attempt, and with it where those locks were taken that were not asked for while
// others were held: nothing was kept of them then.
[[gnu::noinline]] void keep_stack(const Attempt& attempt, uint32_t node) {
  Registers registers;
  capture(registers);
  Hold holds[kMostHolds];
  uint32_t nodes[kMostHolds];
  uint32_t count = 0;
  uint32_t above = 0;
  for (uint32_t i = 0; i < record::progress_depth(attempt.self->progress); ++i) {
    const Step step = step_of(entry_at(attempt.self, i));
    if (!step.found) continue;
    above = order_table.find(above, step.key);
    if (above == 0) break;
    if (count == kMostHolds || !has_room_for_stack(order_table.node(above))) continue;
    holds[count] = *step.entry;
    nodes[count++] = above;
  }
  const uint32_t place = keep_evidence(attempt.self, registers, holds, count);
  if (place == 0) return;
  CriticalSection section;
  order_table.set_evidence(node, place, 0);
  for (uint32_t i = 0; i < count; ++i) order_table.set_evidence(nodes[i], place, i + 1);
}

// Learns the attempt if it is new; false when there was no room.
bool learn(const Attempt& attempt, PrivateThread* own) {
  uint32_t node = follow(attempt, false);
  if (node == 0) return true;
  if (node == kMissing || !order_table.is_complete(node, attempt.bits, attempt.self->serial, own->segment)) {
    if (own->noted_segment != own->segment + 1) {
      note_origin(attempt.self);
      own->noted_segment = own->segment + 1;
    }
    CriticalSection section;
    node = follow(attempt, true);
    if (node == 0) return true;
    if (node == kMissing) return false;
    order_table.attempted(node, attempt.bits);
    order_table.witnessed(node, attempt.self->serial, own->segment);
  }
  if (has_room_for_stack(order_table.node(node)) && wants_stack(attempt)) keep_stack(attempt, node);
  return true;
}

// Writes the keys of all entries anew; returns the key below the next one.
uint64_t refresh_keys(const ThreadRecord* self, PrivateThread* own) {
  uint64_t key = base_key(own);
  const uint32_t depth = record::progress_depth(self->progress);
  for (uint32_t i = 0; i < depth && i < PrivateThread::kMostKeys; ++i) {
    const Hold* entry = entry_at(self, i);
    if (entry != nullptr) key = key_with(key, *entry);
    own->order_keys[i] = key;
  }
  return key;
}

void remember_pair(const ThreadRecord* self, PrivateThread* own, uint32_t depth, uint64_t word,
                   uint64_t site) {
  if (depth != 1 || steering) return;
  SeenPair& seen = seen_pair(own, word, site);
  // A handler that comes between must not find half of one and half of another.
  __atomic_store_n(&seen.word, 0, __ATOMIC_RELAXED);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  const SeenPair now = make_pair(self, own, word, site);
  seen.below = now.below;
  seen.below_site = now.below_site;
  seen.site = now.site;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  __atomic_store_n(&seen.word, now.word, __ATOMIC_RELAXED);
}

bool is_known_besides(const ThreadRecord* self, PrivateThread* own, uint64_t key) {
  SeenMore* more = more_of(own);
  return more != nullptr && more->has_order(self->holds[0].word, key);
}

uint8_t order_bits(uint64_t bits) {
  uint8_t result = record::kOrderAttempted;
  if ((bits & record::kTimedBit) != 0) result |= record::kOrderTimed;
  if ((bits & kReacquireBit) != 0) result |= record::kOrderReacquired;
  return result;
}

}  // namespace

void learn_order(const ThreadRecord* self, uint64_t address, ResourceKind kind, uint64_t bits,
                 const Site& site) {
  if (runtime.has_retreated()) return;
  if (steering) steer(self, address, kind, site);
  PrivateThread* own = local.own;
  const uint64_t below = refresh_keys(self, own);
  const uint64_t key = chain_key(below, record::make_word(address, kind, bits), site.return_address);
  const uint32_t depth = record::progress_depth(self->progress);
  if (depth >= kFirstKept && depth < PrivateThread::kMostKeys) own->order_keys[depth] = key;
  uint64_t& seen = seen_order(own, key);
  if (seen == key || is_known_besides(self, own, key)) {
    seen = key;
    remember_pair(self, own, depth, record::make_word(address, kind, bits), site.return_address);
    return;
  }

  Attempt attempt{
      self, {0, 0, site.return_address, kind, (bits & record::kSharedBit) != 0}, order_bits(bits)};
  if (kind == ResourceKind::kThread) {
    attempt.key.resource = static_cast<uint32_t>(address);
  } else {
    const record::ResourceRecord* resource = find_known(kind, address);
    if (resource == nullptr) {
      runtime.count(Unseen::kOrders);
      return;
    }
    if (kind == ResourceKind::kSemaphore && is_signal(resource)) return;
    attempt.key.resource = runtime.resource_index(resource);
    attempt.key.generation = resource->generation;
  }
  if (!learn(attempt, own)) runtime.count(Unseen::kOrders);
  if (steering) return;
  seen = key;
  if (own->more != nullptr) {
    own->more->missed();
    own->more->keep_order(self->holds[0].word, key);
  }
  remember_pair(self, own, depth, record::make_word(address, kind, bits), site.return_address);
}

void order_stacks_after_fork() {
  __builtin_memset(stacks_of_way, 0, sizeof(stacks_of_way));
}

void forget_keys_above(const ThreadRecord* self, uint32_t index) {
  const uint32_t depth = record::progress_depth(self->progress);
  for (uint32_t i = index; i < depth && i < PrivateThread::kMostKeys; ++i) local.own->order_keys[i] = 0;
}

}  // namespace gordian::hooks
