// EXPECT: rule=self-deadlock grade=proven threads=1 kinds=once names=setup_once
// INSPECT: rule=self-deadlock grade=inferred threads=1 kinds=once names=setup_once
// An initialiser that runs itself through pthread_once.
#include "support.h"

static pthread_once_t setup_once = PTHREAD_ONCE_INIT;

static void set_up(void) {
  CHECK(pthread_once(&setup_once, set_up));
}

static void* use(void* argument) {
  name_thread("initialiser");
  CHECK(pthread_once(&setup_once, set_up));
  return argument;
}

int main(void) {
  join(start(use, NULL));
  return 0;
}
