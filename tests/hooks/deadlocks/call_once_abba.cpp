// EXPECT: rule=deadlock grade=proven threads=2 kinds=once,once names=first_once,second_once
// INSPECT: rule=deadlock grade=inferred threads=2 kinds=once,once names=first_once,second_once
// Two std::call_once initialisers that need each other, entered from both ends.
#include <mutex>
#include <thread>

#include "support.h"

static std::once_flag first_once, second_once;
static int both_are_inside;

static void use(std::once_flag& own, std::once_flag& other) {
  std::call_once(own, [&] {
    meet(&both_are_inside, 2);
    std::call_once(other, [] {});
  });
}

int main() {
  std::thread a([] { use(first_once, second_once); });
  std::thread b([] { use(second_once, first_once); });
  a.join();
  b.join();
}
