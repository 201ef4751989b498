// The twin of nested_monitor.cpp: the consumer waits with no other lock in its hand. No finding.
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <queue>
#include <thread>

static std::mutex store_lock;
static std::mutex queue_lock;
static std::condition_variable item_arrived;
static std::queue<int> items;
static int stock = 0;

static int take_item() {
  std::unique_lock<std::mutex> held(queue_lock);
  item_arrived.wait(held, [] { return !items.empty(); });
  int item = items.front();
  items.pop();
  return item;
}

static void consume() {
  for (int i = 0; i < 2; ++i) {
    int item = take_item();
    std::lock_guard<std::mutex> in_the_store(store_lock);
    stock += item;
  }
}

static void bring(int item) {
  std::lock_guard<std::mutex> in_the_store(store_lock);
  std::lock_guard<std::mutex> held(queue_lock);
  items.push(item);
  item_arrived.notify_one();
}

int main() {
  std::thread consumer(consume);
  std::thread producer([] {
    bring(1);
    bring(2);
  });
  consumer.join();
  producer.join();
  std::printf("stock %d\n", stock);
}
