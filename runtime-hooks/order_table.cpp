#include "runtime-hooks/order_table.h"

namespace gordian::hooks {

using record::OrderNode;
using record::OrderWitness;

constinit OrderTable order_table;

bool GrowingArea::reach(uint64_t size) {
  if (size <= reserved) return true;
  const uint64_t end = (size + step - 1) / step * step;
  if (!runtime.reserve(offset + reserved, offset + end)) return false;
  reserved = end;
  return true;
}

uint64_t OrderTable::hash_of(uint32_t parent, const OrderKey& key) {
  uint64_t hash = (uint64_t{parent} << 32 | key.resource) * 0x9E3779B97F4A7C15u;
  hash = (hash ^ hash >> 32 ^ key.site ^ uint64_t{key.generation} << 48) * 0xD6E8FEB86659FD93u;
  return hash ^ hash >> 32;
}

bool OrderTable::is_node(uint32_t name, uint32_t parent, const OrderKey& key) const {
  const OrderNode& each = node(name);
  return each.parent == parent && each.resource == key.resource && each.generation == key.generation &&
         each.site == key.site && each.kind == static_cast<uint8_t>(key.kind) &&
         ((each.bits & record::kOrderShared) != 0) == key.shared;
}

uint32_t OrderTable::find(uint32_t parent, const OrderKey& key) const {
  const Index* index = __atomic_load_n(&index_, __ATOMIC_ACQUIRE);
  if (index == nullptr) return 0;
  const uint64_t hash = hash_of(parent, key);
  for (uint64_t at = hash;; ++at) {
    const Slot& slot = index->slots[at & index->mask];
    const uint32_t name = __atomic_load_n(&slot.name, __ATOMIC_ACQUIRE);
    if (name == 0) return 0;
    if (slot.tag == static_cast<uint32_t>(hash >> 32) && is_node(name, parent, key)) return name;
  }
}

void OrderTable::place(const Index& index, Slot entry, uint64_t hash) {
  uint64_t at = hash;
  while (index.slots[at & index.mask].name != 0) ++at;
  Slot& slot = index.slots[at & index.mask];
  slot.tag = entry.tag;
  __atomic_store_n(&slot.name, entry.name, __ATOMIC_RELEASE);
}

// Twice as large when three quarters are full. The smaller one stays where it is, for those who are looking
// into it: what they miss there they find when they look again, in the CriticalSection.
bool OrderTable::make_room() {
  const uint32_t count = runtime.header().order_count;
  if (index_ != nullptr && uint64_t{count} * 4 < (index_->mask + 1) * 3) return true;
  const uint64_t slots = index_ == nullptr ? kFirstSlots : (index_->mask + 1) * 2;
  void* memory = kernel::map(nullptr, sizeof(Index) + slots * sizeof(Slot), PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
  if (memory == nullptr) return false;
  auto* larger = static_cast<Index*>(memory);
  larger->mask = slots - 1;
  larger->slots = reinterpret_cast<Slot*>(larger + 1);
  larger->smaller = index_;
  for (uint32_t name = 1; name <= count; ++name) {
    const OrderNode& each = node(name);
    const OrderKey key{each.resource, each.generation, each.site, static_cast<ResourceKind>(each.kind),
                       (each.bits & record::kOrderShared) != 0};
    const uint64_t hash = hash_of(each.parent, key);
    place(*larger, {name, static_cast<uint32_t>(hash >> 32)}, hash);
  }
  __atomic_store_n(&index_, larger, __ATOMIC_RELEASE);
  return true;
}

uint32_t OrderTable::insert(uint32_t parent, const OrderKey& key) {
  if (const uint32_t known = find(parent, key)) return known;
  auto& header = runtime.header();
  const uint32_t index = header.order_count;
  if (index >= record::kMaxOrderNodes || !make_room() ||
      !nodes_.reach((uint64_t{index} + 1) * sizeof(OrderNode)))
    return 0;
  OrderNode& made = runtime.order_node(index);
  made = {.site = key.site,
          .parent = parent,
          .resource = key.resource,
          .generation = key.generation,
          .witnesses = 0,
          .evidence = 0,
          .reserved = 0,
          .evidence_hold = 0,
          .depth = static_cast<uint16_t>(parent == 0 ? 0 : node(parent).depth + 1),
          .kind = static_cast<uint8_t>(key.kind),
          .bits = key.shared ? record::kOrderShared : uint8_t{0}};
  // Filled before it can be found, by threads and by readers of the record.
  __atomic_store_n(&header.order_count, index + 1, __ATOMIC_RELEASE);
  const uint64_t hash = hash_of(parent, key);
  place(*index_, {index + 1, static_cast<uint32_t>(hash >> 32)}, hash);
  return index + 1;
}

bool OrderTable::is_complete(uint32_t name, uint8_t bits, uint32_t serial, uint32_t segment) const {
  const OrderNode& known = node(name);
  const uint8_t has = __atomic_load_n(&known.bits, __ATOMIC_ACQUIRE);
  if ((has & record::kOrderAttempted) == 0) return false;
  if ((has & record::kOrderTimed) != 0 && (bits & record::kOrderTimed) == 0) return false;
  uint32_t next = __atomic_load_n(&known.witnesses, __ATOMIC_ACQUIRE);
  for (; next != 0; next = __atomic_load_n(&witness(next)->next, __ATOMIC_ACQUIRE)) {
    const OrderWitness* each = witness(next);
    if (each->serial == serial && each->first_segment <= segment && segment <= each->last_segment)
      return true;
  }
  return (has & record::kOrderWitnessesDropped) != 0;
}

void OrderTable::attempted(uint32_t name, uint8_t bits) const {
  OrderNode& known = node(name);
  uint8_t now = known.bits | (bits & ~record::kOrderTimed);
  const bool was_attempted = (known.bits & record::kOrderAttempted) != 0;
  // It ends by itself only if it does so every time.
  if ((bits & record::kOrderTimed) == 0)
    now &= static_cast<uint8_t>(~record::kOrderTimed);
  else if (!was_attempted)
    now |= record::kOrderTimed;
  __atomic_store_n(&known.bits, now, __ATOMIC_RELEASE);
}

// The youngest first. A thread that comes back in segment after segment does not crowd the others out: its
// later visits share one line once it has a few.
void OrderTable::witnessed(uint32_t name, uint32_t serial, uint32_t segment) {
  constexpr uint32_t kLinesPerThread = 6;
  OrderNode& known = node(name);
  uint32_t count = 0;
  uint32_t lines = 0;
  OrderWitness* latest = nullptr;
  for (uint32_t next = known.witnesses; next != 0; next = witness(next)->next) {
    OrderWitness* each = witness(next);
    ++count;
    if (each->serial != serial) continue;
    ++lines;
    if (latest == nullptr) latest = each;
    if (each->first_segment <= segment && segment <= each->last_segment) return;
  }
  if (latest != nullptr && (lines >= kLinesPerThread || count >= record::kMaxWitnessesPerNode) &&
      latest->last_segment < segment) {
    __atomic_store_n(&latest->last_segment, segment, __ATOMIC_RELEASE);
    return;
  }
  auto& header = runtime.header();
  const uint32_t index = header.witness_count;
  if (count >= record::kMaxWitnessesPerNode || index >= record::kMaxOrderWitnesses ||
      !witnesses_.reach((uint64_t{index} + 1) * sizeof(OrderWitness))) {
    runtime.count(Unseen::kOrderWitnesses);
    __atomic_store_n(&known.bits, static_cast<uint8_t>(known.bits | record::kOrderWitnessesDropped),
                     __ATOMIC_RELEASE);
    return;
  }
  *witness(index + 1) = {serial, segment, segment, known.witnesses};
  __atomic_store_n(&header.witness_count, index + 1, __ATOMIC_RELEASE);
  __atomic_store_n(&known.witnesses, index + 1, __ATOMIC_RELEASE);
}

void OrderTable::set_evidence(uint32_t name, uint32_t place, uint32_t hold) const {
  OrderNode& known = node(name);
  if (known.evidence != 0) return;
  known.evidence_hold = hold;
  __atomic_store_n(&known.evidence, place, __ATOMIC_RELEASE);
}

void OrderTable::reset() {
  while (index_ != nullptr) {
    Index* smaller = index_->smaller;
    kernel::unmap(index_, sizeof(Index) + (index_->mask + 1) * sizeof(Slot));
    index_ = smaller;
  }
  nodes_.reserved = 0;
  witnesses_.reserved = 0;
}

}  // namespace gordian::hooks
