// volatile does not make a flag that ends a thread atomic.
// FLAGS: -std=c++14
#include <thread>

static volatile bool stopped = false;

static void work() {
  while (!stopped) {  // EXPECT: data-race "stopped"
  }
}

int main() {
  std::thread worker(work);
  stopped = true;  // EXPECT: data-race "stopped"
  worker.join();
}
