// PREDICT: nothing
// The second thread goes on only where it has seen what the first wrote under the lock.
#include <mutex>
#include <thread>

#include "in_order.h"

std::mutex mutex;
int balance;
bool is_written;

int main() {
  std::thread first([] {
    balance = 1;
    std::lock_guard guard(mutex);
    is_written = true;
    step(1);
  });
  std::thread second([] {
    await(1);
    {
      std::lock_guard guard(mutex);
      if (!is_written) return;
    }
    balance = 2;
  });
  first.join();
  second.join();
}
