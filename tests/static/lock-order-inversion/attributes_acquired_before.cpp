// One lock is declared to come before another, and one function does it the other way.
#include <mutex>

#if defined(__clang__)
#define CAPABILITY(x) __attribute__((capability(x)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define ACQUIRED_BEFORE(...) __attribute__((acquired_before(__VA_ARGS__)))
#else
#define CAPABILITY(x)
#define ACQUIRE(...)
#define RELEASE(...)
#define ACQUIRED_BEFORE(...)
#endif

class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { native_.lock(); }
  void unlock() RELEASE() { native_.unlock(); }

 private:
  std::mutex native_;
};

extern Mutex pages;
Mutex heap ACQUIRED_BEFORE(pages);  // EXPECT-MAY: lock-order-inversion
Mutex pages;

void write_back() {
  pages.lock();
  heap.lock();  // EXPECT: lock-order-inversion
  heap.unlock();
  pages.unlock();
}
