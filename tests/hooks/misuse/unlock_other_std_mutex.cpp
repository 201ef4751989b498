// A guard is moved to another thread, and unlocks there.
// EXPECT: rule=unlock-not-owner grade=proven threads=1 kinds=mutex names=queue_mutex
#include <mutex>
#include <thread>

#include "support.h"

static std::mutex queue_mutex;

int main() {
  std::unique_lock<std::mutex> guard(queue_mutex);
  std::thread([guard = std::move(guard)]() mutable { guard.unlock(); }).join();
  puts("unlocked by the thread that it was moved to");
}
