// Locks of a thread's last moments: in thread_local destructors, key destructors and cleanup handlers.
#include <mutex>
#include <thread>

#include "support.h"

static std::mutex mutex;
static pthread_key_t key;

struct Guarded {
  std::unique_lock<std::mutex> guard;
  ~Guarded() {
    if (guard.owns_lock()) guard.unlock();
    const std::lock_guard<std::mutex> again(mutex);
  }
};
static thread_local Guarded guarded;

static void unlock(void* held) {
  CHECK(pthread_mutex_unlock(static_cast<pthread_mutex_t*>(held)));
}

static pthread_mutex_t kept = PTHREAD_MUTEX_INITIALIZER;

static void* sleep_with_lock(void* argument) {
  CHECK(pthread_mutex_lock(&kept));
  pthread_cleanup_push(unlock, &kept);
  for (;;) pause();
  pthread_cleanup_pop(1);
  return argument;
}

static void* end_with_key(void* argument) {
  CHECK(pthread_mutex_lock(&kept));
  CHECK(pthread_setspecific(key, &kept));
  return argument;
}

int main() {
  CHECK(pthread_key_create(&key, unlock));
  for (int i = 0; i < 20; ++i) {
    std::thread([] { guarded.guard = std::unique_lock<std::mutex>(mutex); }).join();
    join(start(end_with_key, nullptr));
    pthread_t sleeper = start(sleep_with_lock, nullptr);
    CHECK(pthread_cancel(sleeper));
    join(sleeper);
  }
  puts("unlocked in time");
}
