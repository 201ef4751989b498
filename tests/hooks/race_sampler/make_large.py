#!/usr/bin/env python3
"""Writes a program with about that many accesses to memory that each thread has for itself, and one race.

    make_large.py SITES FILE
"""

import sys

HEAD = """// EXPECT: grade=proven functions=racing_step,racing_step
#include "for_a_while.h"

static long sum_of_all;

// By a pointer, like all the rest: the instruction does not show that others use the memory, too.
__attribute__((noinline)) static void racing_step(long* sum, long n) {
  *sum += n;
}
"""

TAIL = """
static void* body(void* sum) {
  long* own = calloc(512, sizeof *own);
  unsigned which = 1;
  long n = 0;
  while (goes_on()) {
    for (int i = 0; i < 64; ++i) {
      which = which * 1664525 + 1013904223;
      n += steps[(which >> 8) % (sizeof steps / sizeof *steps)](own, n);
      spend(100);
    }
    racing_step(sum, n & 1);
  }
  free(own);
  return NULL;
}

int main(int count, char** words) {
  run_for(count, words);
  // By itself, so that the static pass sees the threads begin.
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) CHECK(pthread_create(&threads[i], NULL, body, &sum_of_all));
  for (int i = 0; i < 2; ++i) CHECK(pthread_join(threads[i], NULL));
  return 0;
}
"""

ACCESSES = 10  # of a function


def main():
    functions = int(sys.argv[1]) // ACCESSES
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write(HEAD)
        for function in range(functions):
            file.write(f"__attribute__((noinline)) static long step_{function}(long* own, long n) {{\n")
            for access in range(ACCESSES - 1):
                file.write(f"  own[{(function * 7 + access * 13) % 512}] += n + {access};\n")
            file.write(f"  return own[{function % 512}];\n}}\n")
        names = ", ".join(f"step_{function}" for function in range(functions))
        file.write(f"typedef long (*step)(long*, long);\nstatic const step steps[] = {{{names}}};\n{TAIL}")


if __name__ == "__main__":
    main()
