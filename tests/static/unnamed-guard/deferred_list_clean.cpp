// Deferred guards in an array, locked together.
#include <mutex>

static std::mutex left, right;

void update(int& value) {
  std::unique_lock<std::mutex> both[] = {std::unique_lock<std::mutex>(left, std::defer_lock),
                                         std::unique_lock<std::mutex>(right, std::defer_lock)};
  std::lock(both[0], both[1]);
  ++value;
}
