// A guard class of the project's own, in the function and in what it calls.
// FLAGS: -std=c++20
#include <mutex>

template <typename Lock>
class Holder {
 public:
  explicit Holder(Lock& lock) : lock_(&lock) { lock_->lock(); }
  Holder(Holder&& other) noexcept : lock_(other.lock_) { other.lock_ = nullptr; }
  ~Holder() {
    if (lock_ != nullptr) lock_->unlock();
  }

 private:
  Lock* lock_;
};

class Mixer {
 public:
  void set_volume(int volume) {
    Holder hold(mutex_);
    volume_ = volume;
  }
  void mute() {
    Holder hold(mutex_);
    if (volume_ != 0) set_volume(0);  // EXPECT: double-lock
  }

 private:
  std::mutex mutex_;
  int volume_ = 0;
};

void silence(Mixer& mixer) {
  mixer.mute();
}
