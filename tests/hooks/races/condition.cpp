// RACE: payload, produce, consume
#include <condition_variable>
#include <mutex>
#include <thread>

#include "turns.h"

int payload;
bool ready;
std::mutex mutex;
std::condition_variable condition;

static void produce() {
  if (!RACY) payload = 7;
  {
    std::lock_guard<std::mutex> lock(mutex);
    ready = true;
  }
  condition.notify_one();
  if (RACY) payload = 7;
  step(1);
}

static void consume() {
  {
    std::unique_lock<std::mutex> lock(mutex);
    condition.wait(lock, [] { return ready; });
  }
  await(1);
  payload += 1;
}

int main() {
  std::thread one(consume), other(produce);
  one.join();
  other.join();
  arrive();
  return payload == 8 ? 0 : 1;
}
