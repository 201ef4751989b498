// The base class calls a virtual hook under its lock; the hook takes the same lock.
#include <mutex>

class Task {
 public:
  virtual ~Task() = default;
  void finish() {
    std::lock_guard<std::mutex> hold(mutex_);
    done_ = true;
    finished();  // EXPECT: double-lock
  }
  bool done() {
    std::lock_guard<std::mutex> hold(mutex_);
    return done_;
  }

 protected:
  virtual void finished() = 0;

 private:
  std::mutex mutex_;
  bool done_ = false;
};

class Download : public Task {
 protected:
  void finished() override { complete_ = done(); }

 private:
  bool complete_ = false;
};

void run(Download& download) {
  download.finish();
}
