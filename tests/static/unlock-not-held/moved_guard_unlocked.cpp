// The guard was moved away; there is nothing left in it to unlock.
#include <mutex>
#include <utility>

static std::mutex mutex;
static int value;

static void finish(std::unique_lock<std::mutex> lock) {
  ++value;
  lock.unlock();
}

void run() {
  std::unique_lock<std::mutex> lock(mutex);
  finish(std::move(lock));
  lock.unlock();  // EXPECT: unlock-not-held
}
