// Loaded by plug_in_with_own_library; linked with -static-libstdc++.
#include <sched.h>

#include <string>

namespace {

struct Slow {
  Slow() {
    for (int i = 0; i < 1000; ++i) sched_yield();
    value = std::string("42");
  }
  std::string value;
};

}  // namespace

extern "C" int next() {
  static const Slow slow;
  return std::stoi(slow.value);
}
