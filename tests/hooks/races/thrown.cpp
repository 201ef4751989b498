// RACE: value, leaf
// Frames that an exception leaves are no longer part of the stack.
// NOT: thrower
#include <thread>

#include "turns.h"

int value;

__attribute__((noinline)) static void thrower(int depth) {
  if (depth == 0) throw 1;
  thrower(depth - 1);
  arrive();
}

__attribute__((noinline)) static void leaf() {
  if (RACY) value += 1;
}

static void work() {
  for (int i = 0; i < 100; ++i) {
    try {
      thrower(20);
    } catch (int) {
    }
  }
  leaf();
}

int main() {
  std::thread one(work);
  work();
  one.join();
  step(1), await(1);
  return 0;
}
