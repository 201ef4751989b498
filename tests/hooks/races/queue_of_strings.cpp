// RACE: push, take
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "turns.h"

std::mutex mutex;
std::condition_variable filled;
std::deque<std::string> queue;

static void push(int i) {
  if (RACY && i == 0) {
    queue.push_back("unguarded");
    filled.notify_one();
    return;
  }
  std::lock_guard<std::mutex> lock(mutex);
  queue.push_back("a string that is long enough to live on the heap " + std::to_string(i));
  filled.notify_one();
}

static std::string take() {
  std::unique_lock<std::mutex> lock(mutex);
  filled.wait_for(lock, std::chrono::milliseconds(1), [] { return !queue.empty(); });
  if (queue.empty()) return "";
  std::string text = std::move(queue.front());
  queue.pop_front();
  return text;
}

int main() {
  size_t taken = 0;
  std::thread consumer([&] {
    for (int i = 0; i < 20; ++i) taken += take().size();
    step(1);
  });
  await(1);
  for (int i = 0; i < 100; ++i) push(i);
  consumer.join();
  arrive();
  for (int i = 0; i < 100 && taken < 1000; ++i) taken += take().size();
  return taken > 0 ? 0 : 1;
}
