// The wait gives back the first lock and takes it again while the second is held.
#include <condition_variable>
#include <mutex>

class Pipe {
 public:
  void write() {
    std::unique_lock<std::mutex> state(state_);
    std::lock_guard<std::mutex> data(data_);  // EXPECT: lock-order-inversion
    while (full_) room_.wait(state);          // EXPECT: lock-order-inversion // EXPECT: blocking-under-lock
    full_ = true;
  }
  void read() {
    std::lock_guard<std::mutex> state(state_);
    full_ = false;
    room_.notify_one();
  }

 private:
  std::mutex state_;
  std::mutex data_;
  std::condition_variable room_;
  bool full_ = false;
};

void fill(Pipe& pipe) {
  pipe.write();
}
void drain(Pipe& pipe) {
  pipe.read();
}
