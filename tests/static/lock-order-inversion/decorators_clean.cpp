// An object that locks and passes on to another of its interface, which may be of its class: never the way
// back. FLAGS: -std=c++14
#include <memory>
#include <mutex>

class Sink {
 public:
  virtual ~Sink() = default;
  virtual int write(int size) = 0;
  virtual int space() = 0;
};

class LockedSink : public Sink {
 public:
  explicit LockedSink(std::shared_ptr<Sink> inner) : inner_(std::move(inner)) {}
  int write(int size) override {
    std::lock_guard<std::mutex> hold(mutex_);
    return inner_->space() < size ? 0 : inner_->write(size);
  }
  int space() override {
    std::lock_guard<std::mutex> hold(mutex_);
    return inner_->space();
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<Sink> inner_;
};

int fill(LockedSink& sink) {
  int written = 0;
  while (int step = sink.write(16)) written += step;
  return written;
}
