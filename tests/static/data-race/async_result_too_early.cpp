// A task writes a global, and its starter reads it before get().
// FLAGS: -std=c++11
#include <future>

static int found;

static void search() {
  found = 7;  // EXPECT: data-race "found"
}

int main() {
  std::future<void> done = std::async(std::launch::async, search);
  if (found == 7) return 1;  // EXPECT: data-race "found"
  done.get();
  return 0;
}
