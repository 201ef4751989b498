// Two methods wait on one member with the locks of two others.
// FLAGS: -std=c++11
#include <condition_variable>
#include <mutex>

class Pipe {
 public:
  void read() {
    std::unique_lock<std::mutex> lock(readers_);
    while (used_ == 0) moved_.wait(lock);  // EXPECT: condition-mutex-mismatch
    --used_;
  }
  void write() {
    std::unique_lock<std::mutex> lock(writers_);
    while (free_ == 0) moved_.wait(lock);  // EXPECT: condition-mutex-mismatch
    --free_;
  }

 private:
  std::mutex readers_;
  std::mutex writers_;
  std::condition_variable moved_;
  int used_ = 0;
  int free_ = 10;
};

void pump(Pipe& pipe) {
  pipe.read();
  pipe.write();
}
