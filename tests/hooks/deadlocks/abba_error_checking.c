// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// INSPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// Two threads take two error-checking mutexes in opposite order.
#include "support.h"

struct Order {
  const char* name;
  pthread_mutex_t* first;
  pthread_mutex_t* second;
};

static pthread_mutex_t left, right;
static int both_hold_one;

static void* take_both(void* argument) {
  const struct Order* order = argument;
  name_thread(order->name);
  CHECK(pthread_mutex_lock(order->first));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(order->second));
  return NULL;
}

int main(void) {
  pthread_mutexattr_t attributes;
  CHECK(pthread_mutexattr_init(&attributes));
  CHECK(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK));
  CHECK(pthread_mutex_init(&left, &attributes));
  CHECK(pthread_mutex_init(&right, &attributes));
  struct Order forth = {"left first", &left, &right};
  struct Order back = {"right first", &right, &left};
  pthread_t a = start(take_both, &forth);
  pthread_t b = start(take_both, &back);
  join(a);
  join(b);
  return 0;
}
