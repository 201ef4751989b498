// Two jthreads whose lambdas capture the locks by reference.
// FLAGS: -std=c++20
#include <mutex>
#include <thread>

int main() {
  std::mutex producer, consumer;
  int made = 0;
  std::jthread one([&] {
    std::scoped_lock outer(producer);
    std::scoped_lock inner(consumer);  // EXPECT: lock-order-inversion
    ++made;
  });
  std::jthread two([&] {
    std::scoped_lock outer(consumer);
    std::scoped_lock inner(producer);  // EXPECT: lock-order-inversion
    --made;
  });
}
