// The one that is made of the others.
#include "queue.h"

void Queue::replace() {
  std::lock_guard<std::mutex> hold(mutex_);
  clear();  // EXPECT: double-lock
}
