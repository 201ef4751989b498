// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right process=child
// INSPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=left,right
// The deadlock is in a forked child, among threads that the child itself has started.
#include <sys/wait.h>

#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int both_hold_one;

static void* left_then_right(void* argument) {
  CHECK(pthread_mutex_lock(&left));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(&right));
  return argument;
}

static void* right_then_left(void* argument) {
  CHECK(pthread_mutex_lock(&right));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(&left));
  return argument;
}

int main(void) {
  pid_t child = (pid_t)CHECK_SYSTEM(fork());
  if (child == 0) {
    pthread_t thread = start(left_then_right, NULL);
    right_then_left(NULL);
    join(thread);
    _exit(0);
  }
  CHECK_SYSTEM(waitpid(child, NULL, 0));
  return 0;
}
