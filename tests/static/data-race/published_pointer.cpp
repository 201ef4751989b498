// A new object is published through a plain pointer.
#include <thread>

struct Config {
  int limit = 0;
};

static Config* current;

static void reload() {
  Config* next = new Config;
  next->limit = 5;
  current = next;  // EXPECT: data-race "current"
}

int main() {
  std::thread loader(reload);
  int limit = current != nullptr ? 1 : 0;  // EXPECT: data-race "current"
  loader.join();
  return limit;
}
