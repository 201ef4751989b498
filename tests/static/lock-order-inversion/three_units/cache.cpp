// The cache flushes to the disk under its lock.
#include "locks.h"

std::mutex cache_mutex;

void flush_cache() {
  std::lock_guard<std::mutex> hold(cache_mutex);
  read_disk();  // EXPECT: lock-order-inversion
}

void touch_cache() {
  std::lock_guard<std::mutex> hold(cache_mutex);
}
