// What the programs for the race sampler share: how long they run, and something to do between two accesses.
//
// Promises: no shared memory of its own but what is written before the threads begin.
#pragma once

#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "support.h"

static double run_until;

static inline double seconds_now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

// The first argument, or a few seconds.
static inline void run_for(int count, char** words) {
  run_until = seconds_now() + (count > 1 ? atof(words[1]) : 5);
}

static inline int goes_on(void) {
  return seconds_now() < run_until;
}

// Registers alone.
static inline void spend(unsigned rounds) {
  for (unsigned i = 0; i < rounds; ++i) __asm__ volatile("" ::: "memory");
}

static inline void run_pair(void* (*one)(void*), void* (*other)(void*), void* argument) {
  pthread_t first = start(one, argument);
  pthread_t second = start(other, argument);
  join(first);
  join(second);
}
