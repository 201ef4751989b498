// EXPECT: rule=abandoned-lock grade=proven threads=1 kinds=mutex names=cache_lock process=child
// The main thread forks while another thread holds a lock. The child inherits the lock as taken, but not the
// thread that would release it: the first one in the child to want the lock waits for ever. Compare
// fork_inherits_lock_clean.c, which takes the lock itself for the time of the fork.
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;

// Make the unlucky moment certain: the fork comes while the lock is held.
static atomic_int lock_is_held, fork_is_over;

static void* refresh_cache(void* argument) {
  pthread_setname_np(pthread_self(), "refresher");
  pthread_mutex_lock(&cache_lock);
  lock_is_held = 1;
  while (!fork_is_over) sched_yield();
  pthread_mutex_unlock(&cache_lock);
  return argument;
}

int main(void) {
  pthread_t refresher;
  pthread_create(&refresher, NULL, refresh_cache, NULL);
  while (!lock_is_held) sched_yield();
  pid_t child = fork();
  if (child == 0) {
    pthread_mutex_lock(&cache_lock);
    pthread_mutex_unlock(&cache_lock);
    _exit(0);
  }
  fork_is_over = 1;
  pthread_join(refresher, NULL);
  waitpid(child, NULL, 0);
  puts("child done");
  return 0;
}
