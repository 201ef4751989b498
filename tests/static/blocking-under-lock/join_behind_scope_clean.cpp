// The thread is moved out under the lock and joined without it.
#include <mutex>
#include <thread>
#include <utility>

class Worker {
 public:
  void start() {
    std::lock_guard<std::mutex> hold(mutex_);
    if (!thread_.joinable()) thread_ = std::thread([] {});
  }
  void stop() {
    std::thread leaving;
    {
      std::lock_guard<std::mutex> hold(mutex_);
      leaving = std::move(thread_);
    }
    if (leaving.joinable()) leaving.join();
  }

 private:
  std::mutex mutex_;
  std::thread thread_;
};

void restart(Worker& worker) {
  worker.stop();
  worker.start();
}
