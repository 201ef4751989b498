// A pool whose jobs all lock in one order, the queue of the pool last.
#include "support.h"

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t queue_changed = PTHREAD_COND_INITIALIZER;
enum { kWorkers = 4, kJobs = 200 };
static int queued, begun, finished;

// The job is done under the pair; what it makes known is noted under the queue's lock, within the pair.
static void do_job(void) {
  CHECK(pthread_mutex_lock(&left));
  CHECK(pthread_mutex_lock(&right));
  CHECK(pthread_mutex_lock(&queue_lock));
  ++finished;
  CHECK(pthread_mutex_unlock(&queue_lock));
  CHECK(pthread_mutex_unlock(&right));
  CHECK(pthread_mutex_unlock(&left));
}

static void* work(void* argument) {
  for (;;) {
    CHECK(pthread_mutex_lock(&queue_lock));
    while (begun == queued && begun < kJobs) CHECK(pthread_cond_wait(&queue_changed, &queue_lock));
    const int none_left = begun == kJobs;
    if (!none_left) ++begun;
    CHECK(pthread_mutex_unlock(&queue_lock));
    if (none_left) return argument;
    do_job();
  }
}

int main(void) {
  pthread_t workers[kWorkers];
  for (int i = 0; i < kWorkers; ++i) workers[i] = start(work, NULL);
  for (int i = 0; i < kJobs; ++i) {
    CHECK(pthread_mutex_lock(&queue_lock));
    ++queued;
    CHECK(pthread_cond_broadcast(&queue_changed));
    CHECK(pthread_mutex_unlock(&queue_lock));
  }
  for (int i = 0; i < kWorkers; ++i) join(workers[i]);
  printf("%d\n", finished);
  return 0;
}
