// One of the two locks of a scoped_lock is held already.
#include <mutex>

std::mutex header, body;

void send() {
  std::lock_guard<std::mutex> hold(header);
  std::scoped_lock both(header, body);  // EXPECT: double-lock
}
