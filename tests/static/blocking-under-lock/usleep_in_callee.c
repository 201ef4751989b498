// The sleep is two calls away.
// FLAGS: -std=gnu17
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t bus_lock = PTHREAD_MUTEX_INITIALIZER;
static int resets;

static void settle(void) {
  usleep(500);
}

static void pulse(void) {
  settle();
  settle();
}

void reset(void) {
  pthread_mutex_lock(&bus_lock);
  resets++;
  pulse();  // EXPECT: blocking-under-lock "bus_lock"
  pthread_mutex_unlock(&bus_lock);
}
