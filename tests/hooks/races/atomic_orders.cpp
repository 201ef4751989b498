// RACE: payload, produce, consume
#include <atomic>
#include <thread>

#include "turns.h"

int payload;
std::atomic<int> ready;

static void produce() {
  payload = 7;
  ready.store(1, RACY ? std::memory_order_relaxed : std::memory_order_release);
}

static void consume() {
  while (ready.load(RACY ? std::memory_order_relaxed : std::memory_order_acquire) == 0) sched_yield();
  payload += 1;
}

int main() {
  std::thread one(produce), other(consume);
  one.join();
  other.join();
  step(1), await(1), arrive();
  return payload == 8 ? 0 : 1;
}
