// Nobody else has the object while its constructor and destructor run.
#include <mutex>

class Statistics {
 public:
  explicit Statistics(int first) {
    hits_ = first;
    hits_ += 1;
  }
  ~Statistics() { hits_ = -1; }
  void hit() {
    std::lock_guard<std::mutex> hold(mutex_);
    ++hits_;
  }
  int hits() {
    std::lock_guard<std::mutex> hold(mutex_);
    return hits_;
  }

 private:
  std::mutex mutex_;
  int hits_ = 0;
};

int count() {
  Statistics statistics(5);
  statistics.hit();
  return statistics.hits();
}
