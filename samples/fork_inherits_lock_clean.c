// The twin of fork_inherits_lock.c: pthread_atfork takes the lock before the fork and releases it in parent
// and child. No finding.
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t cache_lock = PTHREAD_MUTEX_INITIALIZER;

static void lock_cache(void) {
  pthread_mutex_lock(&cache_lock);
}
static void unlock_cache(void) {
  pthread_mutex_unlock(&cache_lock);
}

static void* refresh_cache(void* argument) {
  for (int i = 0; i < 10000; ++i) {
    pthread_mutex_lock(&cache_lock);
    pthread_mutex_unlock(&cache_lock);
  }
  return argument;
}

int main(void) {
  pthread_atfork(lock_cache, unlock_cache, unlock_cache);
  pthread_t refresher;
  pthread_create(&refresher, NULL, refresh_cache, NULL);
  pid_t child = fork();
  if (child == 0) {
    pthread_mutex_lock(&cache_lock);
    pthread_mutex_unlock(&cache_lock);
    _exit(0);
  }
  pthread_join(refresher, NULL);
  waitpid(child, NULL, 0);
  puts("child done");
  return 0;
}
