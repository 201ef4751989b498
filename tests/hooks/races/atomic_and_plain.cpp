// RACE: counter, count, look
#include <atomic>
#include <thread>

#include "turns.h"

int counter;

static void count() {
  __atomic_fetch_add(&counter, 1, __ATOMIC_SEQ_CST);
  step(1);
}

static int look() {
  await(1);
  arrive();
  if (RACY) return counter;
  return __atomic_load_n(&counter, __ATOMIC_RELAXED);
}

int main() {
  std::thread one(count);
  const int seen = look();
  one.join();
  return seen == 1 ? 0 : 1;
}
