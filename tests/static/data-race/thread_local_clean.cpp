// Each thread has its own.
#include <thread>

static thread_local int depth;

static void descend() {
  ++depth;
}

int main() {
  std::thread one(descend);
  std::thread two(descend);
  ++depth;
  one.join();
  two.join();
}
