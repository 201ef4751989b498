// PREDICT: predicted, lock-order-inversion, one, two
#include <mutex>
#include <thread>

#include "in_order.h"

std::mutex one, two;

int main() {
  std::thread first([] {
    {
      std::lock_guard outer(one);
      std::lock_guard inner(two);
    }
    step(1);
  });
  std::thread second([] {
    await(1);
    std::lock_guard outer(two);
    std::lock_guard inner(one);
  });
  first.join();
  second.join();
}
