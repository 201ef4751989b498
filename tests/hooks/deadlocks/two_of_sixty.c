// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// Two of sixty threads are deadlocked; the others are an idle pool that the main thread, in read(), could
// wake.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int both_hold_one;
static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work_arrived = PTHREAD_COND_INITIALIZER;
static int work_to_do;

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

static void* idle(void* argument) {
  CHECK(pthread_mutex_lock(&pool_lock));
  while (!work_to_do) CHECK(pthread_cond_wait(&work_arrived, &pool_lock));
  CHECK(pthread_mutex_unlock(&pool_lock));
  return argument;
}

int main(void) {
  int never_fed[2];
  CHECK_SYSTEM(pipe(never_fed));
  for (int i = 0; i < 29; ++i) start(idle, NULL);
  start(left_then_right, NULL);
  start(right_then_left, NULL);
  for (int i = 0; i < 29; ++i) start(idle, NULL);
  char byte;
  CHECK_SYSTEM(read(never_fed[0], &byte, 1));
  return 0;
}
