// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,static guard names=registry_lock
// INSPECT: rule=deadlock grade=inferred threads=2 kinds=mutex,static guard names=registry_lock
// The initialiser of a function-local static wants a lock whose holder wants the static.
#include <mutex>
#include <thread>

#include "support.h"

static std::mutex registry_lock;
static int both_hold_one;

static int load_settings() {
  meet(&both_hold_one, 2);
  std::lock_guard<std::mutex> held(registry_lock);
  return 1;
}

static int settings() {
  static int value = load_settings();
  return value;
}

int main() {
  std::thread initialiser([] { settings(); });
  std::thread registrar([] {
    std::lock_guard<std::mutex> held(registry_lock);
    meet(&both_hold_one, 2);
    settings();
  });
  initialiser.join();
  registrar.join();
}
