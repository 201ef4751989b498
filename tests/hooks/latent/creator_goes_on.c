// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=left,right
// CONFIRM: reachable=yes
// Main takes the pair before it starts the other thread, which is harmless, and again afterwards, which is
// not.
#include "in_turns.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int gate;
static int main_is_done;

static void left_then_right(void) {
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_unlock(&right));
  CHECK(pthread_mutex_unlock(&left));
}

static void* right_then_left(void* argument) {
  meet(&gate, 2);
  await_flag_for(&main_is_done, kPatience);
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_unlock(&left));
  CHECK(pthread_mutex_unlock(&right));
  return argument;
}

int main(void) {
  left_then_right();
  pthread_t other = start(right_then_left, NULL);
  meet(&gate, 2);
  left_then_right();
  raise_flag(&main_is_done);
  join(other);
  return 0;
}
