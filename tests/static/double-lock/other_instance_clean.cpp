// The same method of another object has another lock.
#include <mutex>

class Volume {
 public:
  explicit Volume(Volume* parent) : parent_(parent) {}
  void charge(long bytes) {
    std::lock_guard<std::mutex> hold(mutex_);
    used_ += bytes;
    if (parent_ != nullptr) parent_->charge(bytes);
  }

 private:
  std::mutex mutex_;
  Volume* const parent_;
  long used_ = 0;
};

void write(Volume& volume) {
  volume.charge(512);
}
