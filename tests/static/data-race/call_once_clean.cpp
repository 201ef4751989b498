// call_once writes once, and everybody calls it before reading.
// FLAGS: -std=c++11
#include <mutex>
#include <thread>

static std::once_flag once;
static int table[16];

static void fill() {
  for (int i = 0; i < 16; ++i) table[i] = i * i;
}

static int look_up(int i) {
  std::call_once(once, fill);
  return table[i];
}

static void work() {
  look_up(3);
}

int main() {
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
}
