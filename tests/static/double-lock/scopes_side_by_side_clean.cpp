// Two guards of one mutex, the first gone before the second comes.
#include <mutex>

static std::mutex mutex;
static int value;

int exchange(int next) {
  int before;
  {
    std::lock_guard<std::mutex> hold(mutex);
    before = value;
  }
  if (before != next) {
    std::lock_guard<std::mutex> hold(mutex);
    value = next;
  }
  return before;
}
