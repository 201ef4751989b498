// The twin of join_under_lock.cpp: the lock protects the state and nothing else; the join is outside. No
// finding.
#include <cstdio>
#include <mutex>
#include <thread>

static std::mutex state_lock;
static bool stopping = false;
static int steps = 0;

static void work() {
  for (;;) {
    std::lock_guard<std::mutex> held(state_lock);
    if (stopping) break;
  }
  std::lock_guard<std::mutex> held(state_lock);
  ++steps;
}

static void stop(std::thread& worker) {
  {
    std::lock_guard<std::mutex> held(state_lock);
    stopping = true;
  }
  worker.join();
}

int main() {
  std::thread worker(work);
  stop(worker);
  std::printf("%d steps\n", steps);
}
