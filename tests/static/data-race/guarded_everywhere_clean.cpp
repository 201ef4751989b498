// One mutex at each access.
#include <mutex>
#include <thread>

static std::mutex mutex;
static long hits;

static void serve() {
  std::lock_guard<std::mutex> hold(mutex);
  ++hits;
}

int main() {
  std::thread one(serve);
  std::thread two(serve);
  {
    std::lock_guard<std::mutex> hold(mutex);
    hits += 2;
  }
  one.join();
  two.join();
}
