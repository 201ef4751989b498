// The program closes every descriptor but the standard three, opens its own in their place and goes on with
// locks.
#include <fcntl.h>

#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void* work(void* argument) {
  for (int i = 0; i < 1000; ++i) {
    CHECK(pthread_mutex_lock(&lock));
    ++count;
    CHECK(pthread_mutex_unlock(&lock));
  }
  return argument;
}

int main(void) {
  pthread_t before = start(work, NULL);
  for (int descriptor = 3; descriptor < 1024; ++descriptor) close(descriptor);
  // The lowest free number is the program's own again.
  CHECK_THAT(open("/dev/null", O_RDONLY) == 3);
  CHECK_THAT(open("/dev/null", O_RDONLY) == 4);
  pthread_t after = start(work, NULL);
  join(before);
  join(after);
  CHECK_THAT(open("/dev/null", O_RDONLY) == 5);
  printf("%d\n", count);
  return 0;
}
