// Readers share, writers do not.
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
    ++size_;
  }

 private:
  mutable std::shared_mutex mutex_;
  int size_ = 0;
};

int use(Cache& cache) {
  cache.grow();
  return cache.size();
}
