// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,static guard names=registry_lock
// CONFIRM: reachable=yes
// The initialiser of a function-local static takes a lock for a moment; while it still runs, a thread that
// holds that lock asks for the static and has to wait.
#include <mutex>
#include <thread>

#include "in_turns.h"

static std::mutex registry_lock;
static int gate;
static int registry_was_used;
static pid_t registrar;

static int load_settings();

inline int settings() {
  static int value = load_settings();
  return value;
}
// The guard of `value`, by the name that the C++ ABI gives it.
extern char guard_of_settings[] __asm__("_ZGVZ8settingsvE5value");

static int load_settings() {
  registry_lock.lock();
  registry_lock.unlock();
  raise_flag(&registry_was_used);
  await_sleeper_for(&registrar, guard_of_settings, kPatience);
  return 1;
}

static void initialise() {
  meet(&gate, 2);
  settings();
}

static void enter() {
  __atomic_store_n(&registrar, gettid(), __ATOMIC_RELEASE);
  meet(&gate, 2);
  await_flag_for(&registry_was_used, kPatience);
  std::lock_guard<std::mutex> held(registry_lock);
  settings();
}

int main() {
  std::thread first(initialise);
  std::thread second(enter);
  first.join();
  second.join();
}
