// The trie of lock orders in the flight record, with an index of its own beside it.
//
// Promises: `find`, `node` and `is_complete` take no lock; whatever changes the table wants the
// CriticalSection held. Nodes are named by index + 1, and 0 is none: as a parent, nothing held; as an answer,
// not there or no room (which the caller counts). Async-signal-safe.
#pragma once

#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

// What makes a node under its parent.
struct OrderKey {
  uint32_t resource = 0;
  uint32_t generation = 0;
  uint64_t site = 0;
  ResourceKind kind = ResourceKind::kNone;
  bool shared = false;
};

// An area of the record that grows at its end.
struct GrowingArea {
  uint64_t offset;
  uint64_t step;
  uint64_t reserved = 0;
  bool reach(uint64_t size);
};

class OrderTable {
 public:
  uint32_t find(uint32_t parent, const OrderKey& key) const;
  uint32_t insert(uint32_t parent, const OrderKey& key);
  record::OrderNode& node(uint32_t name) const { return runtime.order_node(name - 1); }

  // Whether an attempt with those bits by that thread in that segment would add nothing to the node.
  bool is_complete(uint32_t name, uint8_t bits, uint32_t serial, uint32_t segment) const;
  void attempted(uint32_t name, uint8_t bits) const;
  void witnessed(uint32_t name, uint32_t serial, uint32_t segment);
  void set_evidence(uint32_t name, uint32_t place, uint32_t hold) const;

  void reset();

 private:
  struct Slot {
    uint32_t name;
    uint32_t tag;  // half of the hash: a node is looked at only where it is likely to be the one
  };
  struct Index {
    uint64_t mask;
    Slot* slots;
    Index* smaller;  // that it took the place of
  };
  static constexpr uint64_t kFirstSlots = 512;
  static uint64_t hash_of(uint32_t parent, const OrderKey& key);
  static void place(const Index& index, Slot entry, uint64_t hash);
  bool is_node(uint32_t name, uint32_t parent, const OrderKey& key) const;
  bool make_room();
  record::OrderWitness* witness(uint32_t name) const { return &runtime.order_witness(name - 1); }

  Index* index_ = nullptr;
  GrowingArea nodes_{record::kOrderOffset, 64u << 10};
  GrowingArea witnesses_{record::kWitnessOffset, 32u << 10};
};

[[gnu::visibility("hidden")]] extern constinit OrderTable order_table;

}  // namespace gordian::hooks
