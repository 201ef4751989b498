// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=registry
// CONFIRM: reachable=yes
// The memory of a lock is used again for another one, and it is this second one that is inverted.
#include "in_turns.h"

struct Session {
  pthread_mutex_t lock;
  char state[500];
};
static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static struct Session* session;

static void open_session(void) {
  session = (struct Session*)malloc(sizeof(*session));
  CHECK_THAT(session != NULL);
  CHECK(pthread_mutex_init(&session->lock, NULL));
}

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

static void enter(void) {
  take_both(&session->lock, &registry);
}

static void sweep(void) {
  take_both(&registry, &session->lock);
}

int main(void) {
  open_session();
  const unsigned long address = (unsigned long)session;
  sweep();
  CHECK(pthread_mutex_destroy(&session->lock));
  free(session);
  open_session();
  CHECK_THAT((unsigned long)session == address);
  two_turns(enter, sweep);
  return 0;
}
