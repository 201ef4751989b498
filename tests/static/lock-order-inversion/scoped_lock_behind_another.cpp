// scoped_lock orders the locks that it is given, not the one that is held already.
#include <mutex>

std::mutex settings, left, right;

void apply() {
  std::lock_guard hold(settings);
  std::scoped_lock both(left, right);  // EXPECT: lock-order-inversion
}

void learn() {
  std::lock_guard hold(right);
  std::lock_guard inner(settings);  // EXPECT: lock-order-inversion
}
