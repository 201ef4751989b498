// Two predicates under two mutexes, and two conditions.
// FLAGS: -std=c++11
#include <condition_variable>
#include <mutex>

class Pipe {
 public:
  void read() {
    std::unique_lock<std::mutex> lock(readers_);
    while (used_ == 0) filled_.wait(lock);
    --used_;
  }
  void write() {
    std::unique_lock<std::mutex> lock(writers_);
    while (free_ == 0) drained_.wait(lock);
    --free_;
  }

 private:
  std::mutex readers_;
  std::mutex writers_;
  std::condition_variable filled_;
  std::condition_variable drained_;
  int used_ = 0;
  int free_ = 10;
};

void pump(Pipe& pipe) {
  pipe.read();
  pipe.write();
}
