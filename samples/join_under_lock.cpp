// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,thread names=state_lock
// stop() joins the worker under the lock that the worker needs for its last step.
// Compare join_under_lock_clean.cpp, which releases the lock before it joins.
#include <pthread.h>

#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>

static std::mutex state_lock;
static int steps = 0;

// Makes the unlucky moment certain: the worker's last step comes when stop() already holds the lock.
static std::atomic<bool> stopping = false;

static void work() {
  pthread_setname_np(pthread_self(), "worker");
  while (!stopping) std::this_thread::yield();
  std::lock_guard<std::mutex> held(state_lock);
  ++steps;
}

static void stop(std::thread& worker) {
  std::lock_guard<std::mutex> held(state_lock);
  stopping = true;
  worker.join();
}

int main() {
  std::thread worker(work);
  stop(worker);
  std::printf("%d steps\n", steps);
}
