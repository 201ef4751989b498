// A thousand threads at once, and a thousand one after the other.
#include "for_a_while.h"

static int gate;
static long shared;

static void* waits_for_all(void* nothing) {
  meet(&gate, 1001);
  shared += 1;
  return nothing;
}

static void* ends_at_once(void* nothing) {
  shared += 1;
  return nothing;
}

int main(void) {
  static pthread_t threads[1000];
  pthread_attr_t small;
  CHECK(pthread_attr_init(&small));
  CHECK(pthread_attr_setstacksize(&small, 64 << 10));
  for (int i = 0; i < 1000; ++i) CHECK(pthread_create(&threads[i], &small, waits_for_all, NULL));
  meet(&gate, 1001);
  for (int i = 0; i < 1000; ++i) join(threads[i]);
  for (int i = 0; i < 1000; ++i) join(start(ends_at_once, NULL));
  puts("all there");
  return 0;
}
