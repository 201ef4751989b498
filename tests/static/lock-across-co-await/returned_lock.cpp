// The lock came from a function that returns it.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

class Document {
 public:
  [[nodiscard]] std::unique_lock<std::mutex> edit() { return std::unique_lock(mutex_); }

 private:
  std::mutex mutex_;
};

Task change(Document& document) {
  auto editing = document.edit();
  co_await Delay{1};  // EXPECT: lock-across-co-await
}
