// A function that says by its attribute when it returns with the lock.
#include <mutex>

#if defined(__clang__)
#define CAPABILITY(x) __attribute__((capability(x)))
#define ACQUIRE(...) __attribute__((acquire_capability(__VA_ARGS__)))
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define TRY_ACQUIRE(...) __attribute__((try_acquire_capability(__VA_ARGS__)))
#else
#define CAPABILITY(x)
#define ACQUIRE(...)
#define RELEASE(...)
#define TRY_ACQUIRE(...)
#endif

class CAPABILITY("mutex") Mutex {
 public:
  void lock() ACQUIRE() { native_.lock(); }
  void unlock() RELEASE() { native_.unlock(); }
  bool lock_unless(bool busy) TRY_ACQUIRE(true) {
    native_.lock();
    if (busy) {
      native_.unlock();
      return false;
    }
    return true;
  }

 private:
  std::mutex native_;
};

static Mutex mutex;
static int value;

void set(int next, bool busy) {
  if (!mutex.lock_unless(busy)) return;
  value = next;
  mutex.unlock();
}
