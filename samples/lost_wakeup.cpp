// EXPECT: rule=lost-wakeup grade=inferred has=condition names=loaded
// The loader notifies before anybody waits; the waiter does not test whether it is already done, and waits
// for ever. Compare lost_wakeup_clean.cpp, which waits for a fact and not for an event.
#include <pthread.h>

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

static std::mutex lock;
static std::condition_variable loaded;

static void load() {
  pthread_setname_np(pthread_self(), "loader");
  std::lock_guard<std::mutex> held(lock);
  loaded.notify_all();
}

static void use() {
  pthread_setname_np(pthread_self(), "user");
  std::unique_lock<std::mutex> held(lock);
  loaded.wait(held);
  std::printf("loaded\n");
}

int main() {
  std::thread loader(load);
  loader.join();  // makes the unlucky moment certain: the notification is over before the wait begins
  std::thread user(use);
  user.join();
}
