// The initialiser takes a lock under which others ask for the initialisation, but it is done before they
// begin.
#include "support.h"

static pthread_once_t setup_once = PTHREAD_ONCE_INIT;
static pthread_mutex_t registry_lock = PTHREAD_MUTEX_INITIALIZER;
static int entries;

static void set_up(void) {
  CHECK(pthread_mutex_lock(&registry_lock));
  ++entries;
  CHECK(pthread_mutex_unlock(&registry_lock));
}

static void* enter(void* argument) {
  CHECK(pthread_mutex_lock(&registry_lock));
  CHECK(pthread_once(&setup_once, set_up));
  ++entries;
  CHECK(pthread_mutex_unlock(&registry_lock));
  return argument;
}

int main(void) {
  CHECK(pthread_once(&setup_once, set_up));
  pthread_t a = start(enter, NULL);
  pthread_t b = start(enter, NULL);
  join(a);
  join(b);
  printf("%d\n", entries);
  return 0;
}
