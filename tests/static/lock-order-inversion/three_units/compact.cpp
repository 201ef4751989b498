// The compaction touches the cache under the disk's lock.
#include "locks.h"

void compact() {
  std::lock_guard<std::mutex> hold(disk_mutex);
  touch_cache();  // EXPECT: lock-order-inversion
}
