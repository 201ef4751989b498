// A function locks for the coroutine.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

class Store {
 public:
  Task save() {
    enter();
    ++version_;
    co_await Delay{version_};  // EXPECT: lock-across-co-await
    leave();
  }

 private:
  void enter() { mutex_.lock(); }
  void leave() { mutex_.unlock(); }
  std::mutex mutex_;
  int version_ = 0;
};

void save(Store& store) {
  store.save();
}
