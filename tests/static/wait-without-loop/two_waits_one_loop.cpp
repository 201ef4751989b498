// The first wait stands in a loop, the second does not.
#include <condition_variable>
#include <mutex>

static std::mutex mutex;
static std::condition_variable changed;
static int readers;
static bool writing;

void begin_write() {
  std::unique_lock<std::mutex> lock(mutex);
  while (writing) changed.wait(lock);
  writing = true;
  if (readers > 0) changed.wait(lock);  // EXPECT: wait-without-loop
}

void end_read() {
  std::lock_guard<std::mutex> lock(mutex);
  --readers;
  writing = false;
  changed.notify_all();
}
