// The attribute says that the caller holds the lock.
#include <mutex>

#if defined(__clang__)
#define RELEASE(...) __attribute__((release_capability(__VA_ARGS__)))
#define NO_ANALYSIS __attribute__((no_thread_safety_analysis))
#else
#define RELEASE(...)
#define NO_ANALYSIS
#endif

static std::mutex mutex;

void finish(int* counter) RELEASE(mutex) NO_ANALYSIS;

void finish(int* counter) {
  ++*counter;
  mutex.unlock();
}

void run(int* counter) {
  mutex.lock();
  finish(counter);
}
