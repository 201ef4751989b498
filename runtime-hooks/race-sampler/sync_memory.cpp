#include "runtime-hooks/race-sampler/sync_memory.h"

#include <pthread.h>
#include <semaphore.h>

#include "runtime-hooks/resources.h"

namespace gordian::hooks::races {

namespace {

struct Extent {
  ResourceKind kind;
  uint32_t size;
};

constexpr Extent kExtents[] = {
    {ResourceKind::kMutex, sizeof(pthread_mutex_t)},
    {ResourceKind::kRwlock, sizeof(pthread_rwlock_t)},
    {ResourceKind::kSpin, sizeof(pthread_spinlock_t)},
    {ResourceKind::kBarrier, sizeof(pthread_barrier_t)},
    {ResourceKind::kCondition, sizeof(pthread_cond_t)},
    {ResourceKind::kSemaphore, sizeof(sem_t)},
    {ResourceKind::kOnce, sizeof(pthread_once_t)},
    {ResourceKind::kStaticGuard, 8},
    {ResourceKind::kFutex, 8},
};

}  // namespace

bool is_sync_memory(uint64_t address, uint32_t size) {
  if (!resources.any()) return false;
  for (const Extent& extent : kExtents) {
    const uint64_t low = (address - extent.size + 4) & ~uint64_t{3};
    for (uint64_t start = low; start < address + size; start += 4)
      if (start + extent.size > address && resources.find(extent.kind, start) != nullptr) return true;
  }
  return false;
}

}  // namespace gordian::hooks::races
