// Four of five places hold mutex_; the fifth reads without it.
#include <mutex>

class Statistics {
 public:
  void hit() {
    std::lock_guard<std::mutex> hold(mutex_);
    ++hits_;  // EXPECT-MAY: data-race
  }
  void miss() {
    std::lock_guard<std::mutex> hold(mutex_);
    --hits_;  // EXPECT-MAY: data-race
  }
  void reset() {
    std::lock_guard<std::mutex> hold(mutex_);
    hits_ = 0;  // EXPECT-MAY: data-race
  }
  void merge(int more) {
    std::lock_guard<std::mutex> hold(mutex_);
    hits_ += more;  // EXPECT-MAY: data-race
  }
  int hits() const {
    return hits_;  // EXPECT: data-race "hits_"
  }

 private:
  std::mutex mutex_;
  int hits_ = 0;
};

int report(Statistics& statistics) {
  statistics.hit();
  statistics.miss();
  statistics.merge(2);
  int hits = statistics.hits();
  statistics.reset();
  return hits;
}
