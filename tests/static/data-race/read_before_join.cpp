// main reads what the thread writes, before it has joined it.
// FLAGS: -std=c++11
#include <thread>

static int result;

static void compute() {
  result = 42;  // EXPECT: data-race "result"
}

int main() {
  std::thread worker(compute);
  int early = result;  // EXPECT: data-race "result"
  worker.join();
  return early;
}
