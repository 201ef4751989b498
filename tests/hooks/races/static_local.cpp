// RACE: numbers, work
#include <thread>
#include <vector>

#include "turns.h"

static std::vector<int>& numbers() {
  static std::vector<int> only(4, 1);
  return only;
}

static void work(int which) {
  numbers()[RACY ? 0 : which] += 1;
  arrive();
}

int main() {
  std::thread one(work, 1), other(work, 2);
  await(2);
  one.join();
  other.join();
  step(9);
  return 0;
}
