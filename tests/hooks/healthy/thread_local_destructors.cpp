// Destructors of thread_local objects lock a mutex and notify a condition.
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "support.h"

static std::mutex lock;
static std::condition_variable one_gone;
static int gone = 0;

struct Farewell {
  ~Farewell() {
    std::lock_guard<std::mutex> held(lock);
    ++gone;
    one_gone.notify_all();
  }
  int touched = 0;
};

static thread_local Farewell farewell;

int main() {
  for (int i = 0; i < 10; ++i) std::thread([] { farewell.touched = 1; }).detach();
  std::vector<std::thread> joined;
  for (int i = 0; i < 10; ++i) joined.emplace_back([] { farewell.touched = 1; });
  for (auto& thread : joined) thread.join();
  std::unique_lock<std::mutex> held(lock);
  one_gone.wait(held, [] { return gone == 20; });
  printf("%d\n", gone);
}
