// The guard lives where a smart pointer says.
// FLAGS: -std=c++14
#include <memory>
#include <mutex>

static std::mutex mutex;

void update(int& value, bool threads) {
  std::unique_ptr<std::lock_guard<std::mutex>> hold;
  if (threads) hold = std::make_unique<std::lock_guard<std::mutex>>(mutex);
  ++value;
}
