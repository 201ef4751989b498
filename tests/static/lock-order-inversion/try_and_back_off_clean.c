// The second lock is tried, and the first given back, until both are there.
#include <pthread.h>
#include <sched.h>

static pthread_mutex_t inode_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t page_lock = PTHREAD_MUTEX_INITIALIZER;
static int dirty;

void fault(void) {
  for (;;) {
    pthread_mutex_lock(&page_lock);
    if (pthread_mutex_trylock(&inode_lock) == 0) break;
    pthread_mutex_unlock(&page_lock);
    sched_yield();
  }
  dirty++;
  pthread_mutex_unlock(&inode_lock);
  pthread_mutex_unlock(&page_lock);
}

void sync_inode(void) {
  pthread_mutex_lock(&inode_lock);
  pthread_mutex_lock(&page_lock);
  dirty = 0;
  pthread_mutex_unlock(&page_lock);
  pthread_mutex_unlock(&inode_lock);
}
