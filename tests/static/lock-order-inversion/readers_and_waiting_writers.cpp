// Both sides only read, but a writer that waits may keep new readers out: shared_mutex promises no order.
#include <mutex>
#include <shared_mutex>

std::shared_mutex names, places;

void print() {
  std::shared_lock<std::shared_mutex> first(names);
  std::shared_lock<std::shared_mutex> second(places);  // EXPECT: lock-order-inversion
}

void search() {
  std::shared_lock<std::shared_mutex> first(places);
  std::shared_lock<std::shared_mutex> second(names);  // EXPECT: lock-order-inversion
}

void rename() {
  std::unique_lock<std::shared_mutex> hold(names);
}

void move() {
  std::unique_lock<std::shared_mutex> hold(places);
}
