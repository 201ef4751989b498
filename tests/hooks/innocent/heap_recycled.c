// Two locks that have the same address one after the other: the first is taken before the registry, the
// second after it. They are destroyed as they should be.
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
  CHECK(pthread_mutex_destroy(&session->lock));
  free(session);
}

static void sweep(void) {
  take_both(&registry, &session->lock);
}

// The memory goes back to the thread that frees it: both sessions are made and freed by one thread, and the
// other only borrows the second.
static int gate;
static int second_is_there;
static int second_is_done;

static void* owner(void* argument) {
  open_session();
  const unsigned long address = (unsigned long)session;
  meet(&gate, 2);
  enter();
  open_session();
  CHECK_THAT((unsigned long)session == address);
  raise_flag(&second_is_there);
  await_flag(&second_is_done);
  CHECK(pthread_mutex_destroy(&session->lock));
  free(session);
  return argument;
}

static void* sweeper(void* argument) {
  meet(&gate, 2);
  await_flag(&second_is_there);
  sweep();
  raise_flag(&second_is_done);
  return argument;
}

int main(void) {
  pthread_t a = start(owner, NULL);
  pthread_t b = start(sweeper, NULL);
  join(a);
  join(b);
  return 0;
}
