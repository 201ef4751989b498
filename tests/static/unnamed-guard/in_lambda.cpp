// In the body of a lambda.
// FLAGS: -std=c++20
#include <mutex>

static std::mutex mutex;

int run(int value) {
  auto step = [&value] {
    std::scoped_lock<std::mutex>{mutex};  // EXPECT: unnamed-guard
    ++value;
  };
  step();
  return value;
}
