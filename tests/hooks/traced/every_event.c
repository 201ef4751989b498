// Calls every hook that leaves events, in the order of the lines: after `TRACE:` stands what the main thread
// leaves there, as `OP KIND FLAG...`, one event after the other between semicolons. Nothing else may be in
// the trace of that thread, in no other order.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <threads.h>

#include "support.h"

static pthread_mutex_t mutex, checking;
static pthread_rwlock_t rwlock;
static pthread_spinlock_t spin;
static pthread_cond_t condition;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT, others_once = PTHREAD_ONCE_INIT;
static sem_t semaphore;
static mtx_t c11_mutex;
static cnd_t c11_condition;
static int done;
static unsigned word;

static void nothing(void) {}

static void* elsewhere(void* argument) {
  CHECK(pthread_once(&others_once, nothing));
  raise_flag(&done);
  return argument;
}

static void mutexes(void) {
  pthread_mutexattr_t kind;
  CHECK(pthread_mutexattr_init(&kind));
  CHECK(pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_RECURSIVE));
  const struct timespec soon = from_now(CLOCK_REALTIME, 1), monotonic = from_now(CLOCK_MONOTONIC, 1000);
  const struct timespec never = {0, -1};
  CHECK(pthread_mutex_init(&mutex, &kind));           // TRACE: init mutex
  CHECK(pthread_mutex_lock(&mutex));                  // TRACE: request mutex; acquire mutex
  CHECK(pthread_mutex_lock(&mutex));                  // TRACE: request mutex; acquire mutex recursive
  CHECK(pthread_mutex_unlock(&mutex));                // TRACE: release mutex
  CHECK(pthread_mutex_unlock(&mutex));                // TRACE: release mutex
  CHECK_THAT(pthread_mutex_unlock(&mutex) == EPERM);  // nothing was released
  CHECK(pthread_mutex_trylock(&mutex));               // TRACE: acquire mutex try
  CHECK(pthread_mutex_unlock(&mutex));                // TRACE: release mutex
  // TRACE: request mutex timed; acquire mutex timed
  CHECK(pthread_mutex_clocklock(&mutex, CLOCK_MONOTONIC, &monotonic));
  CHECK(pthread_mutex_unlock(&mutex));  // TRACE: release mutex
  CHECK(pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_ERRORCHECK));
  CHECK(pthread_mutex_init(&checking, &kind));            // TRACE: init mutex
  CHECK(pthread_mutex_lock(&checking));                   // TRACE: request mutex; acquire mutex
  CHECK_THAT(pthread_mutex_lock(&checking) == EDEADLK);   // TRACE: request mutex; try-failed mutex try
  CHECK_THAT(pthread_mutex_trylock(&checking) == EBUSY);  // TRACE: try-failed mutex try
  CHECK(pthread_mutex_unlock(&checking));                 // TRACE: release mutex
  CHECK(pthread_mutex_destroy(&checking));                // TRACE: destroy mutex
  CHECK(pthread_mutexattr_settype(&kind, PTHREAD_MUTEX_NORMAL));
  CHECK(pthread_mutex_init(&checking, &kind));  // TRACE: init mutex
  CHECK(pthread_mutex_lock(&checking));         // TRACE: request mutex; acquire mutex
  // TRACE: request mutex timed; try-failed mutex timed
  CHECK_THAT(pthread_mutex_timedlock(&checking, &soon) == ETIMEDOUT);
  // TRACE: request mutex timed; try-failed mutex timed
  CHECK_THAT(pthread_mutex_timedlock(&checking, &never) == EINVAL);
  CHECK(pthread_mutex_unlock(&checking));  // TRACE: release mutex
}

static void other_locks(void) {
  const struct timespec later = from_now(CLOCK_REALTIME, 1000);
  CHECK(pthread_rwlock_init(&rwlock, NULL));  // TRACE: init rwlock
  CHECK(pthread_rwlock_rdlock(&rwlock));      // TRACE: request rwlock shared; acquire rwlock shared
  CHECK(pthread_rwlock_tryrdlock(&rwlock));   // TRACE: acquire rwlock shared try recursive
  CHECK_THAT(pthread_rwlock_trywrlock(&rwlock) == EBUSY);  // TRACE: try-failed rwlock try
  CHECK(pthread_rwlock_unlock(&rwlock));                   // TRACE: release rwlock shared
  CHECK(pthread_rwlock_unlock(&rwlock));                   // TRACE: release rwlock shared
  CHECK(pthread_rwlock_wrlock(&rwlock));                   // TRACE: request rwlock; acquire rwlock
  CHECK_THAT(pthread_rwlock_tryrdlock(&rwlock) == EBUSY);  // TRACE: try-failed rwlock shared try
  CHECK(pthread_rwlock_unlock(&rwlock));                   // TRACE: release rwlock
  // TRACE: request rwlock shared timed; acquire rwlock shared timed
  CHECK(pthread_rwlock_timedrdlock(&rwlock, &later));
  CHECK(pthread_rwlock_unlock(&rwlock));             // TRACE: release rwlock shared
  CHECK(pthread_rwlock_destroy(&rwlock));            // TRACE: destroy rwlock
  CHECK(pthread_spin_init(&spin, 0));                // TRACE: init spin
  CHECK(pthread_spin_lock(&spin));                   // TRACE: request spin; acquire spin
  CHECK_THAT(pthread_spin_trylock(&spin) == EBUSY);  // TRACE: try-failed spin try
  CHECK(pthread_spin_unlock(&spin));                 // TRACE: release spin
  CHECK(pthread_spin_trylock(&spin));                // TRACE: acquire spin try
  CHECK(pthread_spin_unlock(&spin));                 // TRACE: release spin
  CHECK(pthread_spin_destroy(&spin));                // TRACE: destroy spin
  flockfile(stdout);                                 // TRACE: request stdio; acquire stdio
  CHECK(ftrylockfile(stdout));                       // TRACE: acquire stdio try recursive
  funlockfile(stdout);                               // TRACE: release stdio
  funlockfile(stdout);                               // TRACE: release stdio
}

static void conditions(void) {
  const struct timespec soon = from_now(CLOCK_REALTIME, 1);
  CHECK(pthread_cond_init(&condition, NULL));  // TRACE: init condition
  CHECK(pthread_cond_signal(&condition));      // TRACE: notify condition
  CHECK(pthread_cond_broadcast(&condition));   // TRACE: notify condition all
  CHECK(pthread_mutex_lock(&checking));        // TRACE: request mutex; acquire mutex
  // TRACE: release mutex in-wait; wait condition timed; wake condition timed timed-out; acquire mutex in-wait
  CHECK_THAT(pthread_cond_timedwait(&condition, &checking, &soon) == ETIMEDOUT);
  CHECK(pthread_mutex_unlock(&checking));   // TRACE: release mutex
  CHECK(pthread_cond_destroy(&condition));  // TRACE: destroy condition
}

static void everything_else(void) {
  const struct timespec soon = from_now(CLOCK_REALTIME, 1), moment = {0, 1000};
  CHECK_SYSTEM(sem_init(&semaphore, 0, 1));   // TRACE: init semaphore
  CHECK_SYSTEM(sem_wait(&semaphore));         // TRACE: wait semaphore; wake semaphore
  CHECK_THAT(sem_trywait(&semaphore) == -1);  // TRACE: try-failed semaphore try
  // TRACE: wait semaphore timed; wake semaphore timed timed-out
  CHECK_THAT(sem_timedwait(&semaphore, &soon) == -1);
  CHECK_SYSTEM(sem_post(&semaphore));              // TRACE: notify semaphore
  CHECK_SYSTEM(sem_trywait(&semaphore));           // TRACE: wake semaphore try
  CHECK_SYSTEM(sem_destroy(&semaphore));           // TRACE: destroy semaphore
  CHECK(pthread_barrier_init(&barrier, NULL, 1));  // TRACE: init barrier
  // TRACE: notify barrier; wait barrier; wake barrier
  CHECK_THAT(pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD);
  CHECK(pthread_barrier_destroy(&barrier));                               // TRACE: destroy barrier
  CHECK(pthread_once(&once, nothing));                                    // TRACE: wait once; notify once
  CHECK_SYSTEM(syscall(SYS_futex, &word, FUTEX_WAKE, 1, NULL, NULL, 0));  // TRACE: notify futex
  // TRACE: wait futex timed; wake futex timed timed-out
  CHECK_THAT(syscall(SYS_futex, &word, FUTEX_WAIT, 0, &moment, NULL, 0) == -1);
  // TRACE: wait futex timed; wake futex timed
  CHECK_THAT(syscall(SYS_futex, &word, FUTEX_WAIT, 1, &moment, NULL, 0) == -1);
}

static void c11(void) {
  CHECK(mtx_init(&c11_mutex, mtx_plain));  // TRACE: init mutex
  CHECK(cnd_init(&c11_condition));         // TRACE: init condition
  const struct timespec soon = from_now(CLOCK_REALTIME, 1);
  CHECK(mtx_lock(&c11_mutex));                       // TRACE: request mutex; acquire mutex
  CHECK_THAT(mtx_trylock(&c11_mutex) == thrd_busy);  // TRACE: try-failed mutex try
  // TRACE: release mutex in-wait; wait condition timed; wake condition timed timed-out; acquire mutex in-wait
  CHECK_THAT(cnd_timedwait(&c11_condition, &c11_mutex, &soon) == thrd_timedout);
  CHECK(cnd_signal(&c11_condition));  // TRACE: notify condition
  CHECK(mtx_unlock(&c11_mutex));      // TRACE: release mutex
  cnd_destroy(&c11_condition);        // TRACE: destroy condition
  mtx_destroy(&c11_mutex);            // TRACE: destroy mutex
}

static void memory(void) {
  pthread_mutex_t* lock = calloc(1, sizeof(*lock));
  CHECK(pthread_mutex_lock(lock));    // TRACE: request mutex; acquire mutex
  CHECK(pthread_mutex_unlock(lock));  // TRACE: release mutex
  free(lock);                         // TRACE: destroy mutex
}

int main(void) {
  // TRACE: begin
  mutexes();
  other_locks();
  conditions();
  everything_else();
  c11();
  memory();
  pthread_t other = start(elsewhere, NULL);  // TRACE: fork thread
  await_flag(&done);
  CHECK(pthread_once(&others_once, nothing));  // TRACE: wake once
  join(other);                                 // TRACE: join thread
  return 0;
}
