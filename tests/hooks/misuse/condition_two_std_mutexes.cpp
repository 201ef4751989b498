// The same with std::condition_variable, whose precondition it breaks.
// EXPECT: rule=condition-mutex-mismatch grade=proven threads=2 kinds=condition*2 names=ready
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "support.h"

static std::mutex first_mutex, second_mutex;
static std::condition_variable ready;
static bool woken = false;
static int sleeper_tid;

int main() {
  std::thread first([] {
    std::unique_lock lock(first_mutex);
    tell_tid(&sleeper_tid);
    ready.wait(lock, [] { return woken; });
  });
  await_sleep(&sleeper_tid);
  {
    std::unique_lock lock(second_mutex);
    ready.wait_for(lock, std::chrono::milliseconds(1));
  }
  {
    const std::lock_guard lock(first_mutex);
    woken = true;
  }
  ready.notify_all();
  first.join();
  puts("woken");
}
