// main reads what the thread wrote when it has joined it.
// FLAGS: -std=c++11
#include <thread>

static int result;

static void compute() {
  result = 42;
}

int main() {
  std::thread worker(compute);
  worker.join();
  return result;
}
