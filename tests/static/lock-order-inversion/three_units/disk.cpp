// The disk has a lock of its own.
#include "locks.h"

std::mutex disk_mutex;

void read_disk() {
  std::lock_guard<std::mutex> hold(disk_mutex);
}
