// Who only notifies needs no mutex, and may hold another one.
#include <condition_variable>
#include <mutex>

static std::mutex state_mutex, log_mutex;
static std::condition_variable changed;
static bool ready;
static int lines;

void await() {
  std::unique_lock<std::mutex> lock(state_mutex);
  while (!ready) changed.wait(lock);
}

void set() {
  {
    std::lock_guard<std::mutex> lock(state_mutex);
    ready = true;
  }
  std::lock_guard<std::mutex> lock(log_mutex);
  ++lines;
  changed.notify_all();
}
