// The state is tested behind the wait, and the loop goes round.
#include <condition_variable>
#include <mutex>

static std::mutex mutex;
static std::condition_variable ticked;
static int ticks;

int next_tick() {
  std::unique_lock<std::mutex> lock(mutex);
  const int before = ticks;
  do {
    ticked.wait(lock);
  } while (ticks == before);
  return ticks;
}

void tick() {
  std::lock_guard<std::mutex> lock(mutex);
  ++ticks;
  ticked.notify_all();
}
