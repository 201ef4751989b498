// Three functions, three locks, each pair in one order alone: together a ring.
// FLAGS: -std=c++11
#include <mutex>

std::mutex accounts, audit, archive;

void post() {
  std::lock_guard<std::mutex> first(accounts);
  std::lock_guard<std::mutex> second(audit);  // EXPECT: lock-order-inversion
}

void store() {
  std::lock_guard<std::mutex> first(audit);
  std::lock_guard<std::mutex> second(archive);  // EXPECT: lock-order-inversion
}

void restore() {
  std::lock_guard<std::mutex> first(archive);
  std::lock_guard<std::mutex> second(accounts);  // EXPECT: lock-order-inversion
}
