// A static variable of a function that two threads call.
#include <thread>

static int next_number() {
  static int last = 0;
  return ++last;  // EXPECT: data-race "last"
}

static void work() {
  next_number();
}

int main() {
  std::thread one(work);
  std::thread two(work);
  one.join();
  two.join();
}
