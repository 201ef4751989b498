// get() comes before the read.
#include <future>

static int found;

static void search() {
  found = 7;
}

int main() {
  std::future<void> done = std::async(std::launch::async, search);
  done.get();
  return found;
}
