// What try_lock took is held, and what is asked for behind it blocks.
#include <mutex>

std::mutex radio, battery;

bool transmit() {
  if (!radio.try_lock()) return false;
  battery.lock();  // EXPECT: lock-order-inversion
  battery.unlock();
  radio.unlock();
  return true;
}

void power_down() {
  std::lock_guard<std::mutex> outer(battery);
  std::lock_guard<std::mutex> inner(radio);  // EXPECT: lock-order-inversion
}
