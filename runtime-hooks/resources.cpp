#include "runtime-hooks/resources.h"

#include "runtime-hooks/steer.h"
#include "runtime-hooks/trace.h"

namespace gordian::hooks {

using record::ResourceRecord;

constinit Resources resources;

namespace {

// A block of up to this size is found by the page it starts on; larger ones are asked for their size.
constexpr uint64_t kReach = 16;

}  // namespace

uint32_t* Resources::bucket_of(uint64_t address) const {
  const uint64_t granule = address >> 8;
  return &runtime.buckets()[(granule * 0x9E3779B97F4A7C15u >> 40) & (record::kBuckets - 1)];
}

ResourceRecord* Resources::find(ResourceKind kind, uint64_t address) const {
  if (!runtime.ready()) return nullptr;
  return find_between(__atomic_load_n(bucket_of(address), __ATOMIC_ACQUIRE), 0, kind, address);
}

// On the chain that begins at `next`, as far as `end`; both index + 1.
ResourceRecord* Resources::find_between(uint32_t next, uint32_t end, ResourceKind kind,
                                        uint64_t address) const {
  for (uint32_t steps = 0; next != end && next != 0 && steps < record::kMaxResources; ++steps) {
    ResourceRecord& resource = runtime.resource(next - 1);
    if (resource.address == address && resource.kind == static_cast<uint8_t>(kind)) return &resource;
    next = resource.next;
  }
  return nullptr;
}

void Resources::mark_pages(uint64_t address) {
  any_ = true;
  const uint64_t page = address >> 12;
  for (uint64_t back = 0; back < kReach; ++back) {
    const uint64_t bit = (page - back) & (kPageBits - 1);
    if (!(__atomic_load_n(&pages_[bit / 64], __ATOMIC_RELAXED) >> (bit % 64) & 1))
      __atomic_fetch_or(&pages_[bit / 64], uint64_t{1} << (bit % 64), __ATOMIC_RELAXED);
  }
}

// It is not on the chain from `looked_at` on. Returns the index, UINT32_MAX when the table is full.
uint32_t Resources::insert(ResourceKind kind, uint64_t address, uint64_t site, uint32_t* bucket,
                           uint32_t looked_at) {
  auto& header = runtime.header();
  const uint32_t index = __atomic_fetch_add(&header.resource_count, 1, __ATOMIC_RELAXED);
  if (index >= record::kMaxResources) {
    __atomic_fetch_sub(&header.resource_count, 1, __ATOMIC_RELAXED);
    runtime.count(Unseen::kResources);
    return UINT32_MAX;
  }
  const uint64_t needed = (uint64_t{index} + 1) * sizeof(ResourceRecord);
  if (needed > __atomic_load_n(&reserved_, __ATOMIC_ACQUIRE)) {
    CriticalSection section;
    if (needed > reserved_) {
      // 64 KiB at a time: about nine hundred resources.
      const uint64_t end = (needed + 0xffff) & ~uint64_t{0xffff};
      if (!runtime.reserve(record::kResourceOffset + reserved_, record::kResourceOffset + end)) {
        runtime.count(Unseen::kResources);
        return UINT32_MAX;
      }
      __atomic_store_n(&reserved_, end, __ATOMIC_RELEASE);
    }
  }
  ResourceRecord& resource = runtime.resource(index);
  resource.address = address;
  resource.kind = static_cast<uint8_t>(kind);
  resource.first_site = site;
  resource.initial_value = -1;
  resource.generation = 1;
  uint32_t head = __atomic_load_n(bucket, __ATOMIC_ACQUIRE);
  do {
    // Another thread may be meeting it for the first time as well. One lock has one entry, or it would be two
    // locks to all that compares them.
    if (const ResourceRecord* other = find_between(head, looked_at, kind, address)) {
      resource.kind = 0;
      resource.generation = 0;
      return runtime.resource_index(other);
    }
    looked_at = head;
    resource.next = head;
  } while (!__atomic_compare_exchange_n(bucket, &head, index + 1, false, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE));
  mark_pages(address);
  return index;
}

ResourceRecord* Resources::note(ResourceKind kind, uint64_t address, uint64_t site) {
  if (!runtime.ready()) return nullptr;
  uint32_t* bucket = bucket_of(address);
  const uint32_t looked_at = __atomic_load_n(bucket, __ATOMIC_ACQUIRE);
  if (ResourceRecord* known = find_between(looked_at, 0, kind, address)) {
    if (!(__atomic_load_n(&known->flags, __ATOMIC_ACQUIRE) & record::kResourceEnded)) return known;
    if (runtime.has_retreated()) return known;
    CriticalSection section;
    if (!(known->flags & record::kResourceEnded)) return known;
    known->generation += 1;
    known->init_site = 0;
    known->first_site = site;
    known->usage = 0;
    known->initial_value = -1;
    known->signals = 0;
    known->wakes = 0;
    known->participants = 0;
    known->rounds = 0;
    known->last_waiter = 0;
    for (uint32_t& signaller : known->signallers) signaller = 0;
    __atomic_store_n(&known->flags, 0, __ATOMIC_RELEASE);
    mark_pages(address);
    return known;
  }
  const uint32_t index = insert(kind, address, site, bucket, looked_at);
  return index == UINT32_MAX ? nullptr : &runtime.resource(index);
}

ResourceRecord* Resources::initialised(ResourceKind kind, uint64_t address, uint64_t site, int32_t value,
                                       bool process_shared) {
  destroyed(kind, address);
  ResourceRecord* resource = note(kind, address, site);
  if (resource == nullptr) return nullptr;
  resource->init_site = site;
  resource->first_site = 0;
  resource->initial_value = value;
  if (process_shared) resource->flags |= record::kResourceProcessShared;
  if constexpr (kFollowing) trace_born(*resource);
  return resource;
}

void Resources::end(ResourceRecord& resource) {
  __atomic_store_n(&resource.flags, static_cast<uint8_t>(resource.flags | record::kResourceEnded),
                   __ATOMIC_RELEASE);
  __atomic_fetch_add(&epoch_, 1, __ATOMIC_RELEASE);
  if constexpr (kFollowing) trace_gone(resource);
}

void Resources::destroyed(ResourceKind kind, uint64_t address) {
  ResourceRecord* known = find(kind, address);
  if (known != nullptr && !(known->flags & record::kResourceEnded)) end(*known);
}

void Resources::visit_range(uint64_t low, uint64_t high, Visit visit, void* context) {
  if (!runtime.ready()) return;
  auto in_range = [&](const ResourceRecord& resource) {
    return resource.address >= low && resource.address < high && !(resource.flags & record::kResourceEnded);
  };
  const uint32_t known = __atomic_load_n(&runtime.header().resource_count, __ATOMIC_ACQUIRE);
  if ((high - low) >> 8 > known) {
    // Past what was reserved nothing was ever written, and reading a hole can raise SIGBUS on a full file
    // system.
    const uint64_t reserved = __atomic_load_n(&reserved_, __ATOMIC_ACQUIRE) / sizeof(ResourceRecord);
    for (uint32_t i = 0; i < known && i < reserved; ++i)
      if (in_range(runtime.resource(i))) visit(runtime.resource(i), context);
    return;
  }
  for (uint64_t granule = low & ~uint64_t{0xff}; granule < high; granule += 256) {
    uint32_t next = __atomic_load_n(bucket_of(granule), __ATOMIC_ACQUIRE);
    for (uint32_t steps = 0; next != 0 && steps < record::kMaxResources; ++steps) {
      ResourceRecord& resource = runtime.resource(next - 1);
      if (in_range(resource)) visit(resource, context);
      next = resource.next;
    }
  }
}

void Resources::forget_range(uint64_t low, uint64_t high) {
  visit_range(
      low, high, [](ResourceRecord& resource, void* all) { static_cast<Resources*>(all)->end(resource); },
      this);
}

void Resources::forget_stack(uint64_t low, uint64_t high) {
  if (!any_ || high <= low) return;
  // From the end that is in use: a page without a lock at its front says nothing of the next one.
  uint64_t first = high;
  for (uint64_t page = high & ~uint64_t{4095}; page > low; page -= 4096)
    if (page_may_hold_resource(page)) first = page;
  if (first < high) forget_range(first, high);
}

void Resources::signalled(ResourceRecord* resource, const ThreadRecord* self) {
  __atomic_fetch_add(&resource->signals, 1, __ATOMIC_RELAXED);
  for (uint32_t& signaller : resource->signallers) {
    uint32_t seen = __atomic_load_n(&signaller, __ATOMIC_RELAXED);
    if (seen == self->serial) return;
    if (seen == 0 && __atomic_compare_exchange_n(&signaller, &seen, self->serial, false, __ATOMIC_RELAXED,
                                                 __ATOMIC_RELAXED))
      return;
    if (seen == self->serial) return;
  }
  if (!(resource->flags & record::kResourceManySignallers))
    __atomic_fetch_or(&resource->flags, record::kResourceManySignallers, __ATOMIC_RELAXED);
}

void released_without_holding(ResourceKind kind, uint64_t address) {
  runtime.count(Unseen::kUnmatchedRelease);
  if (ResourceRecord* resource = resources.find(kind, address))
    __atomic_fetch_or(&resource->flags, record::kResourceReleasedByOther, __ATOMIC_RELAXED);
}

namespace {

void remember(SeenResource& seen, uint64_t tag, uint32_t index) {
  // A handler that runs between the two stores must not find the new tag with the old index.
  __atomic_store_n(&seen.tag, 0, __ATOMIC_RELAXED);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  seen.index = index;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  __atomic_store_n(&seen.tag, tag, __ATOMIC_RELAXED);
}

}  // namespace

// Kept when the thread ends, for the next in its slot.
SeenMore* more_of(PrivateThread* own) {
  constexpr uint32_t kManyMisses = 512;
  if (own->more != nullptr || own->misses++ < kManyMisses) return own->more;
  own->misses = 0;
  auto* more = static_cast<SeenMore*>(kernel::map(nullptr, sizeof(SeenMore), PROT_READ | PROT_WRITE,
                                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1));
  if (more == nullptr) return nullptr;
  more->resource_bits = SeenMore::kFirstResourceBits;
  more->order_bits = SeenMore::kFirstOrderBits;
  return own->more = more;
}

record::ResourceRecord* meet_slowly(PrivateThread* own, ResourceKind kind, uint64_t address, uint64_t site) {
  const uint64_t tag = seen_tag(own, kind, address);
  SeenMore* more = more_of(own);
  SeenResource* known = more != nullptr ? &more->resource(seen_place(address)) : nullptr;
  if (known != nullptr && known->tag == tag) {
    remember(seen_resource(own, address), tag, known->index);
    return known->index == UINT32_MAX ? nullptr : &runtime.resource(known->index);
  }
  ResourceRecord* resource = resources.note(kind, address, site);
  // A steered thread meets everything anew, every time.
  if (steering) return resource;
  const uint32_t index = resource == nullptr ? UINT32_MAX : runtime.resource_index(resource);
  remember(seen_resource(own, address), tag, index);
  if (known != nullptr) {
    more->missed();
    remember(*known, tag, index);
  }
  return resource;
}

}  // namespace gordian::hooks
