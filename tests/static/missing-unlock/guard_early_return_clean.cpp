// A guard releases on every way out, exceptions included.
// FLAGS: -std=c++11
#include <mutex>
#include <stdexcept>

static std::mutex mutex;
static int level;

bool raise_level(int to) {
  std::lock_guard<std::mutex> hold(mutex);
  if (to < 0) throw std::invalid_argument("negative");
  if (to < level) return false;
  level = to;
  return true;
}
