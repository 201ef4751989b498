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

uint32_t OrderTable::head_of(uint32_t parent, const OrderKey& key) {
  uint64_t hash = (uint64_t{parent} << 32 | key.resource) * 0x9E3779B97F4A7C15u;
  hash = (hash ^ hash >> 32 ^ key.site ^ uint64_t{key.generation} << 48) * 0xD6E8FEB86659FD93u;
  return static_cast<uint32_t>(hash >> 46) & (kHeads - 1);
}

// Outside the record: nobody needs it to read the trie, and pages that are never touched cost nothing.
bool OrderTable::has_index() {
  if (heads_ == nullptr)
    heads_ = static_cast<uint32_t*>(kernel::map(nullptr, kHeads * sizeof(uint32_t), PROT_READ | PROT_WRITE,
                                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1));
  return heads_ != nullptr;
}

uint32_t OrderTable::find(uint32_t parent, const OrderKey& key) const {
  if (heads_ == nullptr) return 0;
  uint32_t name = __atomic_load_n(&heads_[head_of(parent, key)], __ATOMIC_ACQUIRE);
  while (name != 0) {
    const OrderNode& each = node(name);
    if (each.parent == parent && each.resource == key.resource && each.generation == key.generation &&
        each.site == key.site && each.kind == static_cast<uint8_t>(key.kind) &&
        ((each.bits & record::kOrderShared) != 0) == key.shared)
      return name;
    name = each.next;
  }
  return 0;
}

uint32_t OrderTable::insert(uint32_t parent, const OrderKey& key) {
  if (const uint32_t known = find(parent, key)) return known;
  auto& header = runtime.header();
  const uint32_t index = header.order_count;
  if (index >= record::kMaxOrderNodes || !has_index() ||
      !nodes_.reach((uint64_t{index} + 1) * sizeof(OrderNode)))
    return 0;
  OrderNode& made = runtime.order_node(index);
  uint32_t& head = heads_[head_of(parent, key)];
  made = {.site = key.site,
          .parent = parent,
          .resource = key.resource,
          .generation = key.generation,
          .next = head,
          .witnesses = 0,
          .evidence = 0,
          .evidence_hold = 0,
          .depth = static_cast<uint16_t>(parent == 0 ? 0 : node(parent).depth + 1),
          .kind = static_cast<uint8_t>(key.kind),
          .bits = key.shared ? record::kOrderShared : uint8_t{0}};
  // Filled before it can be found, by threads and by readers of the record.
  __atomic_store_n(&header.order_count, index + 1, __ATOMIC_RELEASE);
  __atomic_store_n(&head, index + 1, __ATOMIC_RELEASE);
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
  if (heads_ != nullptr) kernel::unmap(heads_, kHeads * sizeof(uint32_t));
  heads_ = nullptr;
  nodes_.reserved = 0;
  witnesses_.reserved = 0;
}

}  // namespace gordian::hooks
