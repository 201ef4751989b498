// An object with a thread, and a plain flag that is to end it.
#include <thread>

class Worker {
 public:
  void start() {
    running_ = true;  // EXPECT-MAY: data-race
    thread_ = std::thread([this] { run(); });
  }
  void stop() {
    running_ = false;  // EXPECT: data-race "running_"
    thread_.join();
  }

 private:
  void run() {
    while (running_) {  // EXPECT: data-race "running_"
      std::this_thread::yield();
    }
  }
  bool running_ = false;
  std::thread thread_;
};

void cycle(Worker& worker) {
  worker.start();
  worker.stop();
}
