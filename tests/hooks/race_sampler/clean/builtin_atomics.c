// The compiler's builtins on plain variables, and C11's _Atomic.
#include <stdatomic.h>

#include "for_a_while.h"

static long counter;
static int flag;
static atomic_long level;
static _Atomic int mood;
static long guarded;

__attribute__((noinline)) static void publish(long what) {
  if (__atomic_load_n(&flag, __ATOMIC_ACQUIRE) != 0) return;
  guarded = what;
  __atomic_store_n(&flag, 1, __ATOMIC_RELEASE);
}

__attribute__((noinline)) static long consume(void) {
  if (__atomic_load_n(&flag, __ATOMIC_ACQUIRE) == 0) return 0;
  const long result = guarded;
  __atomic_store_n(&flag, 0, __ATOMIC_RELEASE);
  return result;
}

__attribute__((noinline)) static void touch(long what) {
  __atomic_fetch_add(&counter, what, __ATOMIC_RELAXED);
  atomic_store_explicit(&level, what, memory_order_relaxed);
  mood = (int)what;
}

__attribute__((noinline)) static long look(void) {
  return __atomic_load_n(&counter, __ATOMIC_RELAXED) + atomic_load(&level) + mood;
}

static void* producer(void* nothing) {
  for (long i = 1; goes_on(); ++i) {
    publish(i);
    touch(i);
    spend(200);
  }
  return nothing;
}

static void* consumer(void* nothing) {
  long sum = 0;
  while (goes_on()) {
    sum += consume() + look();
    spend(200);
  }
  return sum == 0 ? &flag : nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  run_pair(producer, consumer, NULL);
  return 0;
}
