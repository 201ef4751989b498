// EXPECT: rule=deadlock grade=proven threads=2 kinds=static guard,static guard
// Two function-local statics whose initialisers need each other, entered from both ends.
#include <thread>

#include "support.h"

static int both_are_inside;

static int& second_value();

static int& first_value() {
  static int value = (meet(&both_are_inside, 2), second_value() + 1);
  return value;
}

static int& second_value() {
  static int value = (meet(&both_are_inside, 2), first_value() + 1);
  return value;
}

int main() {
  std::thread a([] { first_value(); });
  std::thread b([] { second_value(); });
  a.join();
  b.join();
}
