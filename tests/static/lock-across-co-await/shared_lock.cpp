// A reader is suspended, too.
// FLAGS: -std=c++20
#include <mutex>
#include <shared_mutex>

#include "coroutine.h"

class Cache {
 public:
  Task read() {
    std::shared_lock lock(mutex_);
    co_await Delay{size_};  // EXPECT: lock-across-co-await
  }
  void grow() {
    std::unique_lock lock(mutex_);
    ++size_;
  }

 private:
  std::shared_mutex mutex_;
  int size_ = 0;
};

void use(Cache& cache) {
  cache.grow();
  cache.read();
}
