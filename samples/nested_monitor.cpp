// EXPECT: rule=deadlock grade=inferred threads=2 kinds=condition,mutex names=store_lock
// Nested monitors. The consumer waits for an item: the wait releases the queue's own lock, but not the
// store's lock round it, which the producer needs to bring one. That the producer is the one who signals is
// known from its first item, so the finding is inferred. Compare nested_monitor_clean.cpp, where the wait is
// outside the store's lock.
#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <queue>
#include <thread>

static std::mutex store_lock;
static std::mutex queue_lock;
static std::condition_variable item_arrived;
static std::queue<int> items;

// Makes the unlucky moment certain: the second item comes when the consumer is already in the store.
static std::atomic<bool> consumer_is_in_the_store = false;

static int take_item() {
  std::unique_lock<std::mutex> held(queue_lock);
  item_arrived.wait(held, [] { return !items.empty(); });
  int item = items.front();
  items.pop();
  return item;
}

static void consume() {
  pthread_setname_np(pthread_self(), "consumer");
  std::printf("item %d\n", take_item());
  std::lock_guard<std::mutex> in_the_store(store_lock);
  consumer_is_in_the_store = true;
  std::printf("item %d\n", take_item());
}

static void bring(int item) {
  std::lock_guard<std::mutex> in_the_store(store_lock);
  std::lock_guard<std::mutex> held(queue_lock);
  items.push(item);
  item_arrived.notify_one();
}

static void produce() {
  pthread_setname_np(pthread_self(), "producer");
  bring(1);
  while (!consumer_is_in_the_store) std::this_thread::yield();
  bring(2);
}

int main() {
  std::thread consumer(consume);
  std::thread producer(produce);
  consumer.join();
  producer.join();
}
