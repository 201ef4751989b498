// A worker's loop around the loop that waits.
#include <condition_variable>
#include <mutex>

class Worker {
 public:
  int run() {
    std::unique_lock<std::mutex> lock(mutex_);
    int done = 0;
    while (!stopped_) {
      while (jobs_ == 0 && !stopped_) queued_.wait(lock);
      if (stopped_) break;
      --jobs_;
      ++done;
    }
    return done;
  }
  void add() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++jobs_;
    queued_.notify_one();
  }
  void stop() {
    std::lock_guard<std::mutex> lock(mutex_);
    stopped_ = true;
    queued_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable queued_;
  int jobs_ = 0;
  bool stopped_ = false;
};

int run(Worker& worker) {
  worker.add();
  worker.stop();
  return worker.run();
}
