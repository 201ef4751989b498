#include "runtime-hooks/race-runtime/benign.h"

#include "runtime-hooks/runtime.h"

namespace gordian::hooks::races {

namespace {

struct Range {
  uint64_t low;
  uint64_t high;
};
constexpr uint32_t kRanges = 1024;
constinit Range ranges[kRanges] = {};
constinit uint32_t range_count = 0;

}  // namespace

void expect_races(uint64_t address, uint64_t size) {
  if (is_benign(address, size)) return;
  const uint32_t index = __atomic_fetch_add(&range_count, 1, __ATOMIC_RELAXED);
  if (index >= kRanges) {
    __atomic_store_n(&range_count, kRanges, __ATOMIC_RELAXED);
    return runtime.count(Unseen::kRaces);
  }
  ranges[index].low = address;
  __atomic_store_n(&ranges[index].high, address + size, __ATOMIC_RELEASE);
}

bool is_benign(uint64_t address, uint64_t size) {
  const uint32_t count = __atomic_load_n(&range_count, __ATOMIC_ACQUIRE);
  for (uint32_t i = 0; i < count && i < kRanges; ++i)
    if (address + size > ranges[i].low && address < __atomic_load_n(&ranges[i].high, __ATOMIC_ACQUIRE))
      return true;
  return false;
}

}  // namespace gordian::hooks::races
