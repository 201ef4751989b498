// A worker execs the program anew while the main thread and others are blocked: the image is replaced.
// EXPECT: rule=lock-held-at-exit grade=proven threads=1 kinds=mutex names=lock
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void* want(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  return argument;
}

static void* replace(void* argument) {
  pass_time(300);
  execl("/proc/self/exe", "again", "again", (char*)NULL);
  return argument;
}

int main(int count, char** arguments) {
  if (count > 1) {
    pthread_t worker = start(want, NULL);
    join(worker);
    puts(arguments[1]);
    return 0;
  }
  CHECK(pthread_mutex_lock(&lock));
  for (int i = 0; i < 3; ++i) start(want, NULL);
  start(replace, NULL);
  while (1) pause();
}
