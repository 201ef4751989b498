// The lock is given back around the call that blocks.
// FLAGS: -std=gnu17
#include <pthread.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int rounds;

static void rest(void) {
  pthread_mutex_unlock(&lock);
  usleep(500);
  pthread_mutex_lock(&lock);
}

void work(void) {
  pthread_mutex_lock(&lock);
  while (rounds < 10) {
    rounds++;
    rest();
  }
  pthread_mutex_unlock(&lock);
}
