// scoped_lock of three locks, and single ones elsewhere.
// FLAGS: -std=c++2b
#include <mutex>
#include <shared_mutex>

std::mutex red, green;
std::shared_mutex blue;

void mix() {
  std::scoped_lock all(red, green, blue);
}

void blend() {
  std::scoped_lock all(blue, red);
}

void glow() {
  std::shared_lock one(blue);
}
