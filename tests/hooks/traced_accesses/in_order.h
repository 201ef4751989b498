// Forces the order of a run by what the runtime does not follow: to it, nothing orders the steps.
#pragma once

#include <sched.h>

#define UNFOLLOWED __attribute__((no_sanitize("thread"), noinline, unused))

static int turn;

UNFOLLOWED static void step(int n) {
  __atomic_store_n(&turn, n, __ATOMIC_SEQ_CST);
}
UNFOLLOWED static void await(int n) {
  while (__atomic_load_n(&turn, __ATOMIC_SEQ_CST) < n) sched_yield();
}
