// condition_variable_any is made for waiters with different locks.
#include <condition_variable>
#include <mutex>
#include <shared_mutex>

static std::mutex work_mutex;
static std::shared_mutex state_mutex;
static std::condition_variable_any changed;
static int work;
static bool stopped;

void await_work() {
  std::unique_lock<std::mutex> lock(work_mutex);
  while (work == 0) changed.wait(lock);
  --work;
}

bool await_stop() {
  std::shared_lock<std::shared_mutex> lock(state_mutex);
  while (!stopped) changed.wait(lock);
  return stopped;
}

void stop() {
  std::unique_lock<std::shared_mutex> lock(state_mutex);
  stopped = true;
  changed.notify_all();
}
