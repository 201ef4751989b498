// Each object has its own condition and its own mutex.
#include <condition_variable>
#include <mutex>

struct Event {
  std::mutex mutex;
  std::condition_variable changed;
  bool set = false;
};

static Event opened, closed;

void await_open() {
  std::unique_lock<std::mutex> lock(opened.mutex);
  while (!opened.set) opened.changed.wait(lock);
}

void await_close() {
  std::unique_lock<std::mutex> lock(closed.mutex);
  while (!closed.set) closed.changed.wait(lock);
}

void await(Event& event) {
  std::unique_lock<std::mutex> lock(event.mutex);
  while (!event.set) event.changed.wait(lock);
}
