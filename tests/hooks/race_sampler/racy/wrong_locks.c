// Each thread takes a lock, but not the same one.
// EXPECT: grade=proven functions=add_left,add_right
#include "for_a_while.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static long total;

__attribute__((noinline)) static void add_left(void) {
  CHECK(pthread_mutex_lock(&left));
  total += 1;
  CHECK(pthread_mutex_unlock(&left));
}

__attribute__((noinline)) static void add_right(void) {
  CHECK(pthread_mutex_lock(&right));
  total += 2;
  CHECK(pthread_mutex_unlock(&right));
}

static void* lefty(void* nothing) {
  while (goes_on()) {
    add_left();
    spend(600);
  }
  return nothing;
}

static void* righty(void* nothing) {
  while (goes_on()) {
    add_right();
    spend(700);
  }
  return nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  run_pair(lefty, righty, NULL);
  return total == 0;
}
