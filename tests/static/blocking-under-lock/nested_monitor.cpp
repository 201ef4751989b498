// A wait on a condition gives back its own lock and keeps the outer one.
#include <condition_variable>
#include <mutex>

class Queue {
 public:
  void take() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (size_ == 0) filled_.wait(lock);
    --size_;
  }
  void put() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++size_;
    filled_.notify_one();
  }

 private:
  std::mutex mutex_;
  std::condition_variable filled_;
  int size_ = 0;
};

static std::mutex store_mutex;
static int served;

void serve(Queue& queue) {
  std::lock_guard<std::mutex> hold(store_mutex);
  queue.take();  // EXPECT: blocking-under-lock "store_mutex"
  ++served;
}
