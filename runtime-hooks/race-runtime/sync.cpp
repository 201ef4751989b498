#include "runtime-hooks/race-runtime/sync.h"

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/trace/accesses.h"

namespace gordian::hooks::races {

namespace {

// A bucket has what lies in one granule, so that a range of memory is looked through granule by granule.
constexpr uint32_t kSyncBuckets = 1u << 15;
constexpr uint32_t kGranuleBits = 8;
constexpr uint32_t kMaxSyncs = 1u << 24;
constexpr uint64_t kPageBits = uint64_t{1} << 18;
constexpr uint32_t kStripes = 256;

struct Syncs {
  Spin lock;  // of the free list
  Sync* base;
  uint32_t used;
  uint32_t free;
  uint32_t buckets[kSyncBuckets];
  Spin stripes[kStripes];
  uint64_t pages[kPageBits / 64];  // pages with a Sync in them
};
constinit Syncs syncs{};

uint32_t bucket_of(uint64_t address) {
  return static_cast<uint32_t>((address >> kGranuleBits) * 0x9E3779B97F4A7C15u >> 49);
}
static_assert(kSyncBuckets == 1u << 15);

bool may_be_in_page(uint64_t address) {
  const uint64_t bit = address >> 12 & (kPageBits - 1);
  return __atomic_load_n(&syncs.pages[bit / 64], __ATOMIC_RELAXED) >> (bit % 64) & 1;
}

void mark_page(uint64_t address) {
  const uint64_t bit = address >> 12 & (kPageBits - 1);
  if (!may_be_in_page(address))
    __atomic_fetch_or(&syncs.pages[bit / 64], uint64_t{1} << (bit % 64), __ATOMIC_RELAXED);
}

uint32_t claim_number() {
  SpinGuard guard(syncs.lock);
  if (syncs.base == nullptr)
    syncs.base = static_cast<Sync*>(kernel::map(nullptr, sizeof(Sync) * kMaxSyncs, PROT_READ | PROT_WRITE,
                                                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1));
  if (syncs.base == nullptr) return 0;
  const uint32_t number = syncs.free;
  if (number != 0) {
    syncs.free = syncs.base[number].next;
    return number;
  }
  return syncs.used + 1 < kMaxSyncs ? ++syncs.used : 0;
}

void give_back(uint32_t number) {
  SpinGuard guard(syncs.lock);
  syncs.base[number].next = syncs.free;
  syncs.free = number;
}

Sync* find_in_bucket(uint32_t bucket, uint64_t address) {
  for (uint32_t next = syncs.buckets[bucket]; next != 0; next = syncs.base[next].next)
    if (syncs.base[next].address == address) return &syncs.base[next];
  return nullptr;
}

// Without the lock: a chain that changes meanwhile may lead elsewhere, but what it leads to is a Sync, and
// one with this address is the right one.
Sync* find_at_once(uint32_t bucket, uint64_t address) {
  constexpr uint32_t kMostSteps = 16;
  uint32_t next = __atomic_load_n(&syncs.buckets[bucket], __ATOMIC_ACQUIRE);
  for (uint32_t step = 0; next != 0 && step < kMostSteps; ++step) {
    Sync& sync = syncs.base[next];
    if (__atomic_load_n(&sync.address, __ATOMIC_ACQUIRE) == address) return &sync;
    next = __atomic_load_n(&sync.next, __ATOMIC_RELAXED);
  }
  return nullptr;
}

Sync* insert(uint32_t bucket, uint64_t address) {
  const uint32_t number = claim_number();
  if (number == 0) {
    runtime.count(Unseen::kResources);
    return nullptr;
  }
  Sync& sync = syncs.base[number];
  sync.last_slot = sync.last_reader = 0;
  sync.site = 0;
  sync.version += 1;
  sync.clock.clear();
  sync.readers.clear();
  sync.next = syncs.buckets[bucket];
  __atomic_store_n(&sync.address, address, __ATOMIC_RELEASE);
  __atomic_store_n(&syncs.buckets[bucket], number, __ATOMIC_RELEASE);
  mark_page(address);
  return &sync;
}

SeenSync& seen(RaceThread& self, uint64_t address) {
  return self.seen[(address >> 3 ^ address >> 9) & (RaceThread::kSeen - 1)];
}

Sync* look_up(RaceThread& self, uint64_t address, bool make) {
  SeenSync& known = seen(self, address);
  if (known.sync != nullptr && __atomic_load_n(&known.sync->address, __ATOMIC_RELAXED) == address) [[likely]]
    return known.sync;
  const uint32_t bucket = bucket_of(address);
  if (!make && __atomic_load_n(&syncs.buckets[bucket], __ATOMIC_ACQUIRE) == 0) return nullptr;
  if (Sync* sync = find_at_once(bucket, address)) {
    known = {sync, __atomic_load_n(&sync->version, __ATOMIC_RELAXED) - 1};
    return sync;
  }
  // A chain is changed under its lock, with signals blocked: a handler would find it half done.
  const uint64_t signals = kernel::block_signals();
  Sync* sync;
  {
    SpinGuard guard(syncs.stripes[bucket % kStripes]);
    sync = find_in_bucket(bucket, address);
    if (sync == nullptr && make) sync = insert(bucket, address);
  }
  if (sync != nullptr) known = {sync, sync->version - 1};
  kernel::restore_signals(signals);
  return sync;
}

uint32_t clock_in(const Clock& clock, uint32_t slot) {
  return slot < clock.width ? clock.values[slot] : 0;
}

bool is_unknown(const RaceThread& self, const Sync& sync, uint32_t slot, const Clock& clock,
                UnknownUse& use) {
  if (slot == 0 || slot == self.slot || clock_in(clock, slot) <= (slot < self.width ? self.values[slot] : 0))
    return false;
  use = {sync.address, sync.site, slot, clock_in(clock, slot)};
  return true;
}

UnknownUse unknown_use_in_bucket(const RaceThread& self, uint32_t bucket, uint64_t low, uint64_t high) {
  UnknownUse use{};
  if (__atomic_load_n(&syncs.buckets[bucket], __ATOMIC_ACQUIRE) == 0) return use;
  const uint64_t signals = kernel::block_signals();
  {
    SpinGuard guard(syncs.stripes[bucket % kStripes]);
    for (uint32_t next = syncs.buckets[bucket]; next != 0; next = syncs.base[next].next) {
      Sync& sync = syncs.base[next];
      if (sync.site == 0 || sync.address < low || sync.address >= high) continue;
      SpinGuard other(sync.lock);
      if (is_unknown(self, sync, sync.last_slot, sync.clock, use) ||
          is_unknown(self, sync, sync.last_reader, sync.readers, use))
        break;
    }
  }
  kernel::restore_signals(signals);
  return use;
}

template <typename Wanted>
void forget_in_bucket(uint32_t bucket, Wanted wanted) {
  if (__atomic_load_n(&syncs.buckets[bucket], __ATOMIC_ACQUIRE) == 0) return;
  const uint64_t signals = kernel::block_signals();
  {
    SpinGuard guard(syncs.stripes[bucket % kStripes]);
    for (uint32_t* place = &syncs.buckets[bucket]; *place != 0;) {
      Sync& sync = syncs.base[*place];
      if (!wanted(sync.address)) {
        place = &sync.next;
        continue;
      }
      const uint32_t number = *place;
      *place = sync.next;
      {
        SpinGuard other(sync.lock);
        __atomic_store_n(&sync.address, 0, __ATOMIC_RELEASE);
        sync.version += 1;
        sync.last_slot = 0;
      }
      give_back(number);
    }
  }
  kernel::restore_signals(signals);
}

// Those of what lies in that range, as long as `visit` wants more.
template <typename Visit>
void for_buckets(uint64_t low, uint64_t high, Visit visit) {
  for (uint64_t page = low & ~uint64_t{4095}; page < high; page += 4096) {
    if (!may_be_in_page(page)) continue;
    const uint64_t from = page < low ? low : page;
    const uint64_t end = page + 4096 < high ? page + 4096 : high;
    for (uint64_t granule = from >> kGranuleBits; granule <= (end - 1) >> kGranuleBits; ++granule)
      if (!visit(bucket_of(granule << kGranuleBits))) return;
  }
}

}  // namespace

Sync* find_sync(RaceThread& self, uint64_t address) {
  return look_up(self, address, false);
}
Sync* make_sync(RaceThread& self, uint64_t address) {
  return look_up(self, address, true);
}

void forget_sync(uint64_t address) {
  forget_in_bucket(bucket_of(address), [=](uint64_t there) { return there == address; });
}

void forget_syncs(uint64_t low, uint64_t high) {
  auto wanted = [=](uint64_t there) { return there >= low && there < high; };
  for_buckets(low, high, [&](uint32_t bucket) {
    forget_in_bucket(bucket, wanted);
    return true;
  });
}

void move_syncs(uint64_t low, uint64_t high, int64_t by) {
  const uint64_t signals = kernel::block_signals();
  uint32_t taken = 0;
  for_buckets(low, high, [&](uint32_t bucket) {
    SpinGuard guard(syncs.stripes[bucket % kStripes]);
    for (uint32_t* place = &syncs.buckets[bucket]; *place != 0;) {
      const uint32_t number = *place;
      Sync& sync = syncs.base[number];
      if (sync.address < low || sync.address >= high) {
        place = &sync.next;
        continue;
      }
      *place = sync.next;
      sync.next = taken;
      taken = number;
    }
    return true;
  });
  while (taken != 0) {
    Sync& sync = syncs.base[taken];
    const uint32_t number = taken;
    taken = sync.next;
    const uint64_t address = sync.address + static_cast<uint64_t>(by);
    const uint32_t bucket = bucket_of(address);
    SpinGuard guard(syncs.stripes[bucket % kStripes]);
    sync.next = syncs.buckets[bucket];
    __atomic_store_n(&sync.address, address, __ATOMIC_RELEASE);
    __atomic_store_n(&syncs.buckets[bucket], number, __ATOMIC_RELEASE);
    mark_page(address);
  }
  kernel::restore_signals(signals);
}

UnknownUse unknown_use(const RaceThread& self, uint64_t low, uint64_t high) {
  UnknownUse use{};
  for_buckets(low, high, [&](uint32_t bucket) {
    use = unknown_use_in_bucket(self, bucket, low, high);
    return use.address == 0;
  });
  return use;
}

void syncs_after_fork() {
  // Their owners are not here.
  syncs.lock = {};
  for (Spin& stripe : syncs.stripes) stripe = {};
  for (uint32_t number = 1; number <= syncs.used; ++number) syncs.base[number].lock = {};
}

void join_locked(RaceThread& self, const Sync& sync) {
  if (join(self.values, self.width, sync.clock.values, sync.clock.width)) ++self.others;
}

void tell_locked(RaceThread& self, Sync& sync, bool adds) {
  if (adds)
    join(sync.clock, self.values, self.width, self.slot, told_clock(self));
  else
    assign(sync.clock, self.values, self.width, self.slot, told_clock(self));
  sync.version += 1;
  sync.last_slot = adds ? 0 : self.slot;
  sync.last_others = self.others;
}

void acquire(RaceThread& self, Sync& sync) {
  if (sync.last_slot == self.slot) return;  // what it told itself
  SeenSync& known = seen(self, sync.address);
  if (known.sync == &sync && known.version == __atomic_load_n(&sync.version, __ATOMIC_ACQUIRE)) return;
  SpinGuard guard(sync.lock);
  join_locked(self, sync);
  if (known.sync == &sync) known.version = sync.version;
}

void acquire_as_writer(RaceThread& self, Sync& sync) {
  acquire(self, sync);
  if (sync.readers.empty()) return;
  SpinGuard guard(sync.lock);
  if (join(self.values, self.width, sync.readers.values, sync.readers.width)) ++self.others;
  sync.readers.clear();
}

void release_all(RaceThread& self, Sync& sync) {
  if (sync.last_slot == self.slot && sync.last_others == self.others) {
    // Nothing is new but what the thread itself has done.
    sync.clock.values[self.slot] = told_clock(self);
    __atomic_store_n(&sync.version, sync.version + 1, __ATOMIC_RELEASE);
  } else {
    SpinGuard guard(sync.lock);
    tell_locked(self, sync, false);
  }
  next_epoch(self);
}

void release_more(RaceThread& self, Sync& sync) {
  {
    SpinGuard guard(sync.lock);
    tell_locked(self, sync, true);
  }
  next_epoch(self);
}

void release_as_reader(RaceThread& self, Sync& sync) {
  {
    SpinGuard guard(sync.lock);
    join(sync.readers, self.values, self.width, self.slot, told_clock(self));
    sync.last_reader = self.slot;
  }
  next_epoch(self);
}

void acquire_at(uint64_t address) {
  RaceThread* self = followed();
  if (self == nullptr) return;
  if constexpr (kTracing) to_file::learns(address);
  if (Sync* sync = find_sync(*self, address)) acquire(*self, *sync);
}

void release_at(uint64_t address, bool adds) {
  RaceThread* self = followed();
  if (self == nullptr) return;
  if constexpr (kTracing) to_file::tells(address);
  Sync* sync = make_sync(*self, address);
  if (sync == nullptr) return;
  if (adds)
    release_more(*self, *sync);
  else
    release_all(*self, *sync);
}

void acquire_told(uint64_t address) {
  acquire_at(address);
  acquire_at(address | kTold);
}

void release_told(uint64_t address, bool adds) {
  release_at(address, adds);
  release_at(address | kTold, adds);
}

}  // namespace gordian::hooks::races
