// RACE: payload, produce, consume
#include <atomic>
#include <thread>

#include "turns.h"

int payload;
std::atomic<int> ready;

static void produce() {
  payload = 7;
  if (!RACY) __atomic_thread_fence(__ATOMIC_RELEASE);
  ready.store(1, std::memory_order_relaxed);
}

static void consume() {
  while (ready.load(std::memory_order_relaxed) == 0) sched_yield();
  if (!RACY) __atomic_thread_fence(__ATOMIC_ACQUIRE);
  payload += 1;
}

int main() {
  std::thread one(produce), other(consume);
  one.join();
  other.join();
  step(1), await(1), arrive();
  return payload == 8 ? 0 : 1;
}
