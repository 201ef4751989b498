// What the programs that hang across processes share: memory for all of them, children, and how a program is
// told which of its variants to run. On top of tests/hooks/support.h; nothing here sleeps.
#pragma once

#include <sys/mman.h>
#include <sys/wait.h>

#include "support.h"

// Zeroed, and one and the same for this process and the children that it will have.
static inline void* shared_by_all(size_t size) {
  void* memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  CHECK_THAT(memory != MAP_FAILED);
  return memory;
}

static inline pid_t child(void (*body)(void)) {
  const pid_t pid = fork();
  CHECK_SYSTEM(pid);
  if (pid != 0) return pid;
  body();
  _exit(0);
}

static int argument_count;
static char** argument_values;

// Whether the variant of that name was asked for.
static inline int variant(const char* name) {
  return argument_count > 1 && strcmp(argument_values[1], name) == 0;
}

static inline void take_arguments(int count, char** values) {
  argument_count = count;
  argument_values = values;
}

// Never returns, and is never seen asleep.
static inline void stay_busy(void) {
  for (volatile unsigned long i = 0;; ++i) continue;
}

static inline void ignore_signal(int signal) {
  (void)signal;
}
