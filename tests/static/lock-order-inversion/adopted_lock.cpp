// A lock taken by hand and adopted by a guard is held as long as the guard lives.
#include <mutex>

std::mutex catalogue, shelf;

void borrow() {
  catalogue.lock();
  std::lock_guard<std::mutex> hold(catalogue, std::adopt_lock);
  std::lock_guard<std::mutex> inner(shelf);  // EXPECT: lock-order-inversion
}

void sort() {
  std::lock_guard<std::mutex> hold(shelf);
  std::lock_guard<std::mutex> inner(catalogue);  // EXPECT: lock-order-inversion
}
