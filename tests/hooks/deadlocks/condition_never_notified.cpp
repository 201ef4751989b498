// EXPECT: rule=global-stall grade=proven has=condition
// A std::condition_variable that nobody ever notifies, and nobody is left who could.
#include <condition_variable>
#include <mutex>
#include <thread>

#include "support.h"

static std::mutex lock;
static std::condition_variable ready;
static bool is_ready = false;

static void wait_for_ready() {
  std::unique_lock<std::mutex> held(lock);
  ready.wait(held, [] { return is_ready; });
}

int main() {
  std::thread a(wait_for_ready);
  std::thread b(wait_for_ready);
  a.join();
  b.join();
}
