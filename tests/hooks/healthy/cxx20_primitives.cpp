// std::latch, std::barrier, std::counting_semaphore and stop_token, used as they should be.
#include <barrier>
#include <condition_variable>
#include <latch>
#include <mutex>
#include <semaphore>
#include <thread>
#include <vector>

#include "support.h"

static std::latch started(4);
static std::barrier phase(4);
static std::counting_semaphore<2> permits(2);
static std::binary_semaphore bell(0);
static std::mutex lock;
static std::condition_variable_any changed;
static int rounds = 0;

static void work() {
  started.arrive_and_wait();
  for (int i = 0; i < 200; ++i) {
    permits.acquire();
    {
      std::lock_guard<std::mutex> held(lock);
      ++rounds;
    }
    permits.release();
    phase.arrive_and_wait();
  }
}

int main() {
  std::vector<std::jthread> workers;
  for (int i = 0; i < 4; ++i) workers.emplace_back(work);
  std::jthread sleeper([](std::stop_token stop) {
    std::unique_lock<std::mutex> held(lock);
    changed.wait(held, stop, [] { return false; });
  });
  std::jthread ringer([] {
    pass_time(400);
    bell.release();
  });
  bell.acquire();  // quiet for a while
  for (auto& worker : workers) worker.join();
  sleeper.request_stop();
  sleeper.join();
  printf("%d\n", rounds);
}
