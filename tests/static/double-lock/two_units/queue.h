// A queue over two units.
#pragma once
#include <mutex>

class Queue {
 public:
  void push();
  void clear();
  void replace();

 private:
  std::mutex mutex_;
  int size_ = 0;
};
