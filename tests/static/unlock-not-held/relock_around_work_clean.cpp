// A function that is called with the lock gives it back for a while.
#include <mutex>

static std::mutex mutex;
static int queued;

static void run_one(int* done) {
  mutex.unlock();
  ++*done;
  mutex.lock();
}

void run_all(int* done) {
  std::lock_guard<std::mutex> hold(mutex);
  while (queued > 0) {
    --queued;
    run_one(done);
  }
}
