#include "runtime-hooks/race-sampler/seen.h"

#include <algorithm>

namespace gordian::hooks::races {

namespace {

constexpr uint32_t kLocks = 3;
constexpr uint32_t kBits = 13;

struct Seen {
  uint32_t busy;
  uint32_t serial;
  uint64_t granule;
  uint64_t locks[kLocks];
  uint32_t lock_count;
  bool wrote;
};
constinit Seen table[1u << kBits] = {};

}  // namespace

bool share_lock(const uint64_t* one, uint32_t one_count, const uint64_t* other, uint32_t other_count) {
  for (uint32_t i = 0; i < one_count; ++i) {
    for (uint32_t k = 0; k < other_count; ++k) {
      if (one[i] >> 8 == other[k] >> 8 && (one[i] & other[k] & record::kSharedBit) == 0) return true;
    }
  }
  return false;
}

Sharing note_access(uint64_t address, uint32_t serial, bool writes, const uint64_t* locks,
                    uint32_t lock_count) {
  const uint64_t granule = address >> 3;
  Seen& seen = table[granule * 0x9E3779B97F4A7C15u >> (64 - kBits)];
  if (__atomic_exchange_n(&seen.busy, 1, __ATOMIC_ACQUIRE) != 0) return Sharing::kNone;
  const bool is_same = seen.granule == granule;
  const bool shared = is_same && seen.serial != serial && (seen.wrote || writes) &&
                      !share_lock(seen.locks, seen.lock_count, locks, lock_count);
  const bool is_guarded = seen.lock_count != 0 || lock_count != 0;
  seen.wrote = writes || (is_same && seen.serial == serial && seen.wrote);
  seen.granule = granule;
  seen.serial = serial;
  seen.lock_count = std::min(lock_count, kLocks);
  std::copy_n(locks, seen.lock_count, seen.locks);
  __atomic_store_n(&seen.busy, 0, __ATOMIC_RELEASE);
  if (!shared) return Sharing::kNone;
  return is_guarded ? Sharing::kGuarded : Sharing::kPlain;
}

}  // namespace gordian::hooks::races
