// The twin of lost_wakeup.cpp: the waiter tests a predicate under the lock, so it does not matter who comes
// first. No finding.
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>

static std::mutex lock;
static std::condition_variable loaded;
static bool is_loaded = false;

static void load() {
  std::lock_guard<std::mutex> held(lock);
  is_loaded = true;
  loaded.notify_all();
}

static void use() {
  std::unique_lock<std::mutex> held(lock);
  loaded.wait(held, [] { return is_loaded; });
  std::printf("loaded\n");
}

int main() {
  std::thread loader(load);
  loader.join();
  std::thread user(use);
  user.join();
}
