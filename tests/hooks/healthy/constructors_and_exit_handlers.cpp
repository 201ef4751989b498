// Locks and threads before main, in atexit handlers and in destructors of globals.
#include <mutex>
#include <thread>

#include "support.h"

static int visits = 0;

static std::recursive_mutex& lock() {
  static std::recursive_mutex instance;
  return instance;
}

static void visit() {
  std::lock_guard<std::recursive_mutex> held(lock());
  ++visits;
}

struct Global {
  Global() {
    visit();
    std::thread(visit).join();
  }
  ~Global() {
    visit();
    std::thread(visit).join();
    printf("%d\n", visits);
  }
};

__attribute__((constructor(101))) static void before_everything() {
  pthread_mutex_t early = PTHREAD_MUTEX_INITIALIZER;
  CHECK(pthread_mutex_lock(&early));
  CHECK(pthread_mutex_unlock(&early));
}

static Global global;

int main() {
  CHECK_THAT(atexit([] {
               visit();
               std::thread(visit).join();
             }) == 0);
  visit();
}
