// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// Each thread holds two hundred other locks when the cycle closes.
#include "support.h"

enum { kDepth = 200 };
static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int both_hold_one;

// Locks on the heap, in the order of a chain that no other thread touches.
static void hold_many(void) {
  pthread_mutex_t* locks = calloc(kDepth, sizeof(*locks));
  CHECK_THAT(locks != NULL);
  for (int i = 0; i < kDepth; ++i) {
    CHECK(pthread_mutex_init(&locks[i], NULL));
    CHECK(pthread_mutex_lock(&locks[i]));
  }
}

static void* left_then_right(void* argument) {
  name_thread("left first");
  hold_many();
  CHECK(pthread_mutex_lock(&left));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(&right));
  return argument;
}

static void* right_then_left(void* argument) {
  name_thread("right first");
  CHECK(pthread_mutex_lock(&right));
  hold_many();
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(&left));
  return argument;
}

int main(void) {
  pthread_t a = start(left_then_right, NULL);
  pthread_t b = start(right_then_left, NULL);
  join(a);
  join(b);
  return 0;
}
