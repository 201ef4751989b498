// One thread, another lock in hand, locks again what answers its owner at once: recursive and error-checking
// mutexes.
#include <threads.h>

#include <mutex>

#include "support.h"

static pthread_mutex_t made(int type) {
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_settype(&attributes, type));
  pthread_mutex_t mutex;
  CHECK(pthread_mutex_init(&mutex, &attributes));
  return mutex;
}

int main() {
  std::mutex outer;
  std::recursive_mutex recursive;
  std::lock_guard<std::mutex> hold(outer);
  for (int i = 0; i < 3; ++i) recursive.lock();
  for (int i = 0; i < 3; ++i) recursive.unlock();

  static pthread_mutex_t checking = made(PTHREAD_MUTEX_ERRORCHECK);
  CHECK(pthread_mutex_lock(&checking));
  printf("%s\n", strerror(pthread_mutex_lock(&checking)));
  CHECK(pthread_mutex_unlock(&checking));

  mtx_t c11;
  CHECK(mtx_init(&c11, mtx_plain | mtx_recursive));
  CHECK(mtx_lock(&c11));
  CHECK(mtx_lock(&c11));
  CHECK(mtx_unlock(&c11));
  CHECK(mtx_unlock(&c11));
  return 0;
}
