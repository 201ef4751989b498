// The guard lives to the end of the statement, and the statement is all there is to guard.
#include <mutex>

static std::mutex mutex;

void update(int& value) {
  std::lock_guard<std::mutex>{mutex}, ++value;
}

int read(const int& value) {
  return std::lock_guard<std::mutex>{mutex}, value;
}
