// A lock that the project made of an atomic flag.
#include <atomic>
#include <mutex>
#include <thread>

class SpinLock {
 public:
  void lock() {
    while (flag_.test_and_set(std::memory_order_acquire)) {
    }
  }
  void unlock() { flag_.clear(std::memory_order_release); }

 private:
  std::atomic_flag flag_ = ATOMIC_FLAG_INIT;
};

static SpinLock spin;
static int value;

static void work() {
  std::lock_guard<SpinLock> hold(spin);
  ++value;
}

int main() {
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
}
