// The base class waits with its mutex, the derived class with its own.
#include <condition_variable>
#include <mutex>

class Job {
 public:
  void await_done() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!done_) changed_.wait(lock);  // EXPECT: condition-mutex-mismatch
  }
  void finish() {
    std::lock_guard<std::mutex> lock(mutex_);
    done_ = true;
    changed_.notify_all();
  }

 protected:
  std::condition_variable changed_;

 private:
  std::mutex mutex_;
  bool done_ = false;
};

class Upload : public Job {
 public:
  void await_bytes() {
    std::unique_lock<std::mutex> lock(bytes_mutex_);
    while (bytes_ == 0) changed_.wait(lock);  // EXPECT: condition-mutex-mismatch
    bytes_ = 0;
  }

 private:
  std::mutex bytes_mutex_;
  int bytes_ = 0;
};

void upload(Upload& upload) {
  upload.await_bytes();
  upload.await_done();
  upload.finish();
}
