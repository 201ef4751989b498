// The thread gets a pointer to what its creator goes on using.
#include <pthread.h>
#include <stddef.h>

struct job {
  int input;
  int progress;
};

static void* work(void* argument) {
  struct job* job = argument;
  for (int i = 0; i < job->input; i++) job->progress = i;  // EXPECT: data-race "progress"
  return NULL;
}

int main(void) {
  struct job job = {100, 0};
  pthread_t worker;
  pthread_create(&worker, NULL, work, &job);
  while (job.progress < 50) {  // EXPECT: data-race "progress"
  }
  pthread_join(worker, NULL);
  return 0;
}
