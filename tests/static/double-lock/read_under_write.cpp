// Whoever holds a shared_mutex for writing must not ask for it again to read.
#include <mutex>
#include <shared_mutex>

class Cache {
 public:
  int size() const {
    std::shared_lock<std::shared_mutex> reading(mutex_);
    return size_;
  }
  void grow() {
    std::unique_lock<std::shared_mutex> writing(mutex_);
    if (size() < 100) ++size_;  // EXPECT: double-lock
  }

 private:
  mutable std::shared_mutex mutex_;
  int size_ = 0;
};

void fill(Cache& cache) {
  cache.grow();
}
