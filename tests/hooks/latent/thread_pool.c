// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,mutex names=left,right
// CONFIRM: reachable=yes
// One worker function, one call site for each lock: which lock is the first is told by the job.
#include "in_turns.h"

struct Job {
  pthread_mutex_t* first;
  pthread_mutex_t* second;
  int done;
};

struct Worker {
  pthread_t thread;
  pthread_mutex_t box_lock;
  pthread_cond_t box_changed;
  struct Job* box;
  int stopped;
};

enum { kWorkers = 3 };
static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static struct Worker workers[kWorkers];

static void* work(void* argument) {
  struct Worker* self = (struct Worker*)argument;
  for (;;) {
    CHECK(pthread_mutex_lock(&self->box_lock));
    while (self->box == NULL && !self->stopped) CHECK(pthread_cond_wait(&self->box_changed, &self->box_lock));
    struct Job* job = self->box;
    self->box = NULL;
    CHECK(pthread_mutex_unlock(&self->box_lock));
    if (job == NULL) return NULL;
    CHECK(pthread_mutex_lock(job->first));
    CHECK(pthread_mutex_lock(job->second));
    CHECK(pthread_mutex_unlock(job->second));
    CHECK(pthread_mutex_unlock(job->first));
    raise_flag(&job->done);
  }
}

static void give(struct Worker* worker, struct Job* job) {
  CHECK(pthread_mutex_lock(&worker->box_lock));
  if (job != NULL)
    worker->box = job;
  else
    worker->stopped = 1;
  CHECK(pthread_cond_signal(&worker->box_changed));
  CHECK(pthread_mutex_unlock(&worker->box_lock));
}

int main(void) {
  struct Job jobs[] = {{&left, &right, 0}, {&right, &left, 0}};
  for (int i = 0; i < kWorkers; ++i) {
    CHECK(pthread_mutex_init(&workers[i].box_lock, NULL));
    CHECK(pthread_cond_init(&workers[i].box_changed, NULL));
    workers[i].thread = start(work, &workers[i]);
  }
  for (int i = 0; i < 2; ++i) {
    give(&workers[i], &jobs[i]);
    await_flag_for(&jobs[i].done, kPatience);
  }
  for (int i = 0; i < kWorkers; ++i) give(&workers[i], NULL);
  for (int i = 0; i < kWorkers; ++i) join(workers[i].thread);
  return 0;
}
