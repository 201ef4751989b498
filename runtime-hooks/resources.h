// The table of resources in the flight record: what a lock is called, how it is used, who has signalled it.
//
// Promises: look-up and insertion take no lock and never block (a chain per 256 bytes of address space, new
// entries are pushed at its head); a lock has one entry, which is never removed, only ended and revived with
// a new generation, in a CriticalSection. A thread remembers those it has met, so that the common acquisition
// costs one comparison here. Async-signal-safe.
#pragma once

#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

class Resources {
 public:
  // The live entry of that resource; null when there is none.
  record::ResourceRecord* find(ResourceKind kind, uint64_t address) const;

  // The entry, made or revived if need be; `site` is where it was first taken. Null when the table is full.
  record::ResourceRecord* note(ResourceKind kind, uint64_t address, uint64_t site);

  // An init call: a new life for the address.
  record::ResourceRecord* initialised(ResourceKind kind, uint64_t address, uint64_t site, int32_t value,
                                      bool process_shared);
  void destroyed(ResourceKind kind, uint64_t address);

  // Every live resource in a range of memory.
  using Visit = void (*)(record::ResourceRecord& resource, void* context);
  void visit_range(uint64_t low, uint64_t high, Visit visit, void* context);

  // The memory is going away: every resource in it ends.
  void forget_range(uint64_t low, uint64_t high);
  // The same for a stack, most of which was never used.
  void forget_stack(uint64_t low, uint64_t high);
  bool page_may_hold_resource(uint64_t address) const {
    const uint64_t bit = address >> 12 & (kPageBits - 1);
    return __atomic_load_n(&pages_[bit / 64], __ATOMIC_RELAXED) >> (bit % 64) & 1;
  }
  bool any() const { return any_; }

  // `self` signalled the resource: posted without holding, signalled, broadcast, woke.
  void signalled(record::ResourceRecord* resource, const ThreadRecord* self);

  uint64_t epoch() const { return epoch_; }
  // The child has a record of its own, in which that much is reserved; what threads remember refers to the
  // old one.
  void reset_after_fork(uint64_t reserved) {
    reserved_ = reserved;
    epoch_ = epoch_ + 1;
  }

 private:
  static constexpr uint64_t kPageBits = uint64_t{1} << 20;
  uint32_t* bucket_of(uint64_t address) const;
  record::ResourceRecord* find_between(uint32_t next, uint32_t end, ResourceKind kind,
                                       uint64_t address) const;
  uint32_t insert(ResourceKind kind, uint64_t address, uint64_t site, uint32_t* bucket, uint32_t looked_at);
  void mark_pages(uint64_t address);
  void end(record::ResourceRecord& resource);

  uint64_t epoch_ = 0;  // rises when a resource ends: what threads remember is then out of date
  bool any_ = false;
  uint64_t reserved_ = 0;
  uint64_t pages_[kPageBits / 64] = {};  // pages from which a block that holds a lock may start
};

[[gnu::visibility("hidden")]] extern constinit Resources resources;

// A lock is given back by a thread that is not known to have it: from now on its owner is not to be relied
// on.
void released_without_holding(ResourceKind kind, uint64_t address);

record::ResourceRecord* meet_slowly(PrivateThread* own, ResourceKind kind, uint64_t address, uint64_t site);

// What everything that a thread remembers is mixed with: a lock whose life ended may be another one at the
// same address, and in a new segment (order.h) all is to be met anew.
[[gnu::always_inline]] inline uint64_t base_key(const PrivateThread* own) {
  return own->order_seed + resources.epoch();
}

// How a thread remembers a resource, and where.
[[gnu::always_inline]] inline uint64_t seen_tag(const PrivateThread* own, ResourceKind kind,
                                                uint64_t address) {
  return (address << 16 | static_cast<uint64_t>(kind) << 8) ^ base_key(own);
}
[[gnu::always_inline]] inline uint32_t seen_place(uint64_t address) {
  return static_cast<uint32_t>(address >> 3 ^ address >> 11);
}
[[gnu::always_inline]] inline SeenResource& seen_resource(PrivateThread* own, uint64_t address) {
  return own->resources_seen[seen_place(address) & (PrivateThread::kSeen - 1)];
}

// Whether the calling thread has met it lately. For threads that are attached.
[[gnu::always_inline]] inline bool is_met(ResourceKind kind, uint64_t address) {
  PrivateThread* own = local.own;
  return seen_resource(own, address).tag == seen_tag(own, kind, address);
}

// The calling thread meets a resource: its entry, or null.
[[gnu::always_inline]] inline record::ResourceRecord* meet(ResourceKind kind, uint64_t address,
                                                           uint64_t site) {
  PrivateThread* own = local.own;
  const SeenResource& seen = seen_resource(own, address);
  if (seen.tag == seen_tag(own, kind, address)) [[likely]]
    return seen.index == UINT32_MAX ? nullptr : &runtime.resource(seen.index);
  return meet_slowly(own, kind, address, site);
}

// What has no room in a thread's own memory: null until it has met a good deal.
SeenMore* more_of(PrivateThread* own);

}  // namespace gordian::hooks
