// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=mutex,thread names=done_lock optional
// Workers say under the lock that they are done, as the last thing they do; whoever has said so is joined
// with that lock held. The lock order alone looks as if a worker could still need it.
#include "support.h"

enum { kWorkers = 4 };
static pthread_mutex_t done_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t one_is_done = PTHREAD_COND_INITIALIZER;
static int is_done[kWorkers];
static int work;

static void* do_work(void* argument) {
  int* mine = (int*)argument;
  CHECK(pthread_mutex_lock(&done_lock));
  ++work;
  CHECK(pthread_mutex_unlock(&done_lock));
  CHECK(pthread_mutex_lock(&done_lock));
  *mine = 1;
  CHECK(pthread_cond_signal(&one_is_done));
  CHECK(pthread_mutex_unlock(&done_lock));
  return NULL;
}

static int find_done(void) {
  for (int i = 0; i < kWorkers; ++i)
    if (is_done[i] == 1) return i;
  return -1;
}

int main(void) {
  pthread_t threads[kWorkers];
  for (int i = 0; i < kWorkers; ++i) threads[i] = start(do_work, &is_done[i]);
  CHECK(pthread_mutex_lock(&done_lock));
  for (int joined = 0; joined < kWorkers; ++joined) {
    while (find_done() < 0) CHECK(pthread_cond_wait(&one_is_done, &done_lock));
    const int found = find_done();
    join(threads[found]);
    is_done[found] = 2;
  }
  CHECK(pthread_mutex_unlock(&done_lock));
  CHECK_THAT(work == kWorkers);
  return 0;
}
