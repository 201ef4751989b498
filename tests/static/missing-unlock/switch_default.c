// One case of a switch returns with the lock.
#include <pthread.h>

enum command { kStart, kStop, kStatus };

static pthread_mutex_t engine_lock = PTHREAD_MUTEX_INITIALIZER;
static int speed;

int engine(enum command command) {
  pthread_mutex_lock(&engine_lock);
  switch (command) {
    case kStart:
      speed = 1;
      break;
    case kStop:
      speed = 0;
      break;
    default:
      return -1;  // EXPECT: missing-unlock
  }
  pthread_mutex_unlock(&engine_lock);
  return 0;
}
