// A lock that is made for coroutines is awaited itself, and belongs to no thread.
// FLAGS: -std=c++20
#include <utility>

#include "coroutine.h"

class CoroutineMutex {
 public:
  struct Holder {
    CoroutineMutex* mutex;
    explicit Holder(CoroutineMutex* held) : mutex(held) {}
    Holder(Holder&& other) noexcept : mutex(std::exchange(other.mutex, nullptr)) {}
    ~Holder() {
      if (mutex != nullptr) mutex->wake_next();
    }
  };
  struct Attempt {
    CoroutineMutex* mutex;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiter) const;
    Holder await_resume() const noexcept { return Holder(mutex); }
  };
  Attempt lock() { return Attempt{this}; }
  void wake_next();
};

Task update(CoroutineMutex& mutex) {
  auto hold = co_await mutex.lock();
  co_await Delay{1};
}
