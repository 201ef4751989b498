// The simple methods.
#include "queue.h"

void Queue::push() {
  std::lock_guard<std::mutex> hold(mutex_);
  ++size_;
}

void Queue::clear() {
  std::lock_guard<std::mutex> hold(mutex_);
  size_ = 0;
}
