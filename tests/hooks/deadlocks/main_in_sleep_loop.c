// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// The main thread lives on in a loop of short sleeps, as a server does.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int both_hold_one;

static void* left_then_right(void* argument) {
  name_thread("left first");
  CHECK(pthread_mutex_lock(&left));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(&right));
  return argument;
}

static void* right_then_left(void* argument) {
  name_thread("right first");
  CHECK(pthread_mutex_lock(&right));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(&left));
  return argument;
}

int main(void) {
  start(left_then_right, NULL);
  start(right_then_left, NULL);
  for (;;) pass_time(50);
}
