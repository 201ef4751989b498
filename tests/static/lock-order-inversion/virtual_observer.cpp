// The subject notifies its observer under its lock; the observer asks the subject under its own.
#include <mutex>

struct Observer {
  virtual ~Observer() = default;
  virtual void changed() = 0;
};

class Subject {
 public:
  explicit Subject(Observer& observer) : observer_(observer) {}
  void set(int value) {
    std::lock_guard<std::mutex> hold(mutex_);
    value_ = value;
    observer_.changed();
  }
  int value() {
    std::lock_guard<std::mutex> hold(mutex_);  // EXPECT: lock-order-inversion
    return value_;
  }

 private:
  std::mutex mutex_;
  Observer& observer_;
  int value_ = 0;
};

class Gauge : public Observer {
 public:
  void changed() override {
    std::lock_guard<std::mutex> hold(mutex_);  // EXPECT: lock-order-inversion
    ++changes_;
  }
  int read(Subject& subject) {
    std::lock_guard<std::mutex> hold(mutex_);
    return subject.value() + changes_;
  }

 private:
  std::mutex mutex_;
  int changes_ = 0;
};

int sample(Gauge& gauge) {
  Subject subject(gauge);
  subject.set(1);
  return gauge.read(subject);
}
