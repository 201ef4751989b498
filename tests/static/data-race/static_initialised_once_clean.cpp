// The initialisation of a static local is safe, and nobody writes later.
#include <thread>

struct Table {
  Table() {
    for (int i = 0; i < 16; ++i) squares[i] = i * i;
  }
  int squares[16];
};

static const Table& table() {
  static const Table instance;
  return instance;
}

static void work(int i) {
  (void)table().squares[i];
}

int main() {
  std::thread one(work, 1);
  std::thread two(work, 2);
  one.join();
  two.join();
}
