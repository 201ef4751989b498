// EXPECT: rule=self-deadlock grade=proven threads=1 kinds=rwlock names=cache_lock
// A reader finds the cache empty and asks for the write side without giving up the read side: it waits for
// itself. Compare reader_upgrade_clean.cpp, which gives it up and looks again.
#include <pthread.h>

#include <cstdio>
#include <mutex>
#include <shared_mutex>
#include <thread>

static std::shared_mutex cache_lock;
static int cached_value = 0;

static int look_up() {
  std::shared_lock<std::shared_mutex> reading(cache_lock);
  if (cached_value == 0) {
    // Waits for all readers to leave, itself included.
    std::unique_lock<std::shared_mutex> writing(cache_lock);
    cached_value = 42;
  }
  return cached_value;
}

int main() {
  std::thread reader([] {
    pthread_setname_np(pthread_self(), "reader");
    std::printf("%d\n", look_up());
  });
  reader.join();
}
