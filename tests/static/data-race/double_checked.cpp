// The first test of a double-checked initialisation holds no lock, and the flag is not atomic.
#include <mutex>

static std::mutex mutex;
static bool ready;
static int table[16];

static void fill() {
  for (int i = 0; i < 16; ++i) table[i] = i;  // EXPECT-MAY: data-race
}

int look_up(int i) {
  if (!ready) {  // EXPECT: data-race "ready"
    std::lock_guard<std::mutex> hold(mutex);
    if (!ready) {
      fill();
      ready = true;  // EXPECT: data-race "ready"
    }
  }
  return table[i & 15];  // EXPECT-MAY: data-race
}
