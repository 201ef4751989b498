// RACE: thread-local, work
#include <thread>

#include "turns.h"

thread_local int own = 1;
int* shared;

static void work() {
  own += 1;
  if (RACY) shared = &own;
  step(1);
  await(2);
}

int main() {
  std::thread one(work);
  await(1);
  own += 1;
  if (RACY) *shared += 1;
  step(2);
  one.join();
  arrive();
  return 0;
}
