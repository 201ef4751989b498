// A std::thread forgets its mutex, which nobody ever frees.
// EXPECT: rule=lock-held-at-exit grade=proven threads=1 kinds=mutex
#include <mutex>
#include <thread>

#include "support.h"

int main() {
  auto* mutex = new std::mutex;
  std::thread([mutex] { mutex->lock(); }).join();
  puts(mutex->try_lock() ? "free" : "taken");
}
