// The most frequent callbacks, in the neighbourhood of the program.
//
// A call from the program to a library that is mapped far away, 2^32 bytes or more, costs processors some
// cycles more than one to what is near, however well it is predicted; that is a third of what a callback
// costs in all. So these callbacks have a section of their own, which is copied to where the program is,
// together with what they read of the library; and the program's own calls are led to the copy.
//
// What is in the section reaches out of it by `far` alone, reads nothing of the library but `far` and where
// the thread's `hot` is, and calls nothing as other than its last step: unwinders do not know the copy.
// tests/layering/check_near.py sees to it.
#pragma once

#include "runtime-hooks/race-runtime/depot.h"

namespace gordian::hooks::races {

#define GORDIAN_NEAR [[gnu::section("gordian_near"), gnu::aligned(64)]]

struct Far {
  void (*access_slowly)(Entry*, Entry, uint64_t, uint64_t, Manner);
  void (*access_split)(uint64_t, uint64_t, Entry, uint64_t);
  void (*enter_slowly)(uint64_t, uint64_t);
  void (*leave_slowly)();
};
[[gnu::visibility("hidden")]] extern const Far far;

// Before the program's second thread begins. Without effect where there is no room or it is not allowed.
void bring_near();

}  // namespace gordian::hooks::races
