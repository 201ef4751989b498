// RACE: payload, produce, consume
// A read-modify-write continues the sequence that a release store began; a relaxed store ends it.
#include <atomic>
#include <thread>

#include "turns.h"

int payload;
std::atomic<int> state;

static void produce() {
  payload = 7;
  state.store(1, std::memory_order_release);
  step(1);
}

static void pass_on() {
  await(1);
  if (RACY)
    state.store(2, std::memory_order_relaxed);
  else
    state.fetch_add(1, std::memory_order_relaxed);
  step(2);
}

// Not before: whoever sees the 1 knows of the payload.
static void consume() {
  await(2);
  while (state.load(std::memory_order_acquire) != 2) sched_yield();
  payload += 1;
}

int main() {
  std::thread one(produce), other(pass_on), last(consume);
  one.join();
  other.join();
  last.join();
  arrive();
  return payload == 8 ? 0 : 1;
}
