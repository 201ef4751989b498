// The last line of the critical section has moved out of it.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int queued, handled;

static void work() {
  {
    std::lock_guard<std::mutex> hold(mutex);
    --queued;
  }
  ++handled;  // EXPECT: data-race "handled"
}

int main() {
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
}
