// Readers keep no reader out: what one writes the other writes as well.
#include <mutex>
#include <shared_mutex>

class Cache {
 public:
  int find(int key) const {
    std::shared_lock<std::shared_mutex> reading(mutex_);
    ++lookups_;  // EXPECT: data-race "lookups_"
    return key;
  }
  void clear() {
    std::unique_lock<std::shared_mutex> writing(mutex_);
    lookups_ = 0;
  }

 private:
  mutable std::shared_mutex mutex_;
  mutable int lookups_ = 0;
};

int use(Cache& cache) {
  cache.clear();
  return cache.find(3);
}
