// Forces an interleaving without making an order: what these functions do is not followed by the runtime.
//
// Each program is built twice, with RACY 1 and 0: the same steps, with and without what orders them.
#pragma once

#include <sched.h>

// clang follows atomics in spite of no_sanitize.
#ifdef __clang__
#define UNFOLLOWED __attribute__((disable_sanitizer_instrumentation, noinline, unused))
#else
#define UNFOLLOWED __attribute__((no_sanitize("thread"), noinline, unused))
#endif

static int turn;

// It is the n-th step's turn.
UNFOLLOWED static void step(int n) {
  __atomic_store_n(&turn, n, __ATOMIC_SEQ_CST);
}
UNFOLLOWED static void await(int n) {
  while (__atomic_load_n(&turn, __ATOMIC_SEQ_CST) < n) sched_yield();
}
UNFOLLOWED static void arrive(void) {
  __atomic_fetch_add(&turn, 1, __ATOMIC_SEQ_CST);
}
UNFOLLOWED static void* read_unfollowed(void** place) {
  return *place;
}
