// The order is where lock() is called, not where the guards are made.
// FLAGS: -std=c++11
#include <mutex>

std::mutex inbox, outbox;

void forward() {
  std::unique_lock<std::mutex> in(inbox, std::defer_lock);
  std::unique_lock<std::mutex> out(outbox, std::defer_lock);
  out.lock();
  in.lock();  // EXPECT: lock-order-inversion
}

void bounce() {
  std::unique_lock<std::mutex> in(inbox);
  std::unique_lock<std::mutex> out(outbox);  // EXPECT: lock-order-inversion
}
