// What a thread has on its own stack, by reference to what it calls.
// FLAGS: -std=c++2b
#include <thread>

struct Counter {
  int value = 0;
  void add(int amount) { value += amount; }
};

static void count(Counter& counter) {
  counter.add(2);
}

static void work() {
  Counter counter;
  count(counter);
  counter.add(1);
}

int main() {
  std::jthread one(work);
  std::jthread two(work);
}
