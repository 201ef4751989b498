// EXPECT: rule=deadlock grade=inferred threads=3 kinds=mutex,semaphore,thread names=ledger_lock,permit
// INSPECT: rule=deadlock grade=inferred threads=3 kinds=mutex,semaphore,thread names=ledger_lock,permit
// Three kinds in one cycle: main joins b under a mutex, b waits for a semaphore that c took, c waits for the
// mutex.
#include "support.h"

static pthread_mutex_t ledger_lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t permit;
static int permit_taken;

static void* wait_for_permit(void* argument) {
  name_thread("b");
  await_flag(&permit_taken);
  CHECK_SYSTEM(sem_wait(&permit));
  CHECK_SYSTEM(sem_post(&permit));
  return argument;
}

static void* permit_then_ledger(void* argument) {
  name_thread("c");
  CHECK_SYSTEM(sem_wait(&permit));
  raise_flag(&permit_taken);
  CHECK(pthread_mutex_lock(&ledger_lock));
  CHECK(pthread_mutex_unlock(&ledger_lock));
  CHECK_SYSTEM(sem_post(&permit));
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&permit, 0, 1));
  CHECK(pthread_mutex_lock(&ledger_lock));
  pthread_t c = start(permit_then_ledger, NULL);
  pthread_t b = start(wait_for_permit, NULL);
  join(b);
  CHECK(pthread_mutex_unlock(&ledger_lock));
  join(c);
  return 0;
}
