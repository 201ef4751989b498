// The mutex has two names.
#include <pthread.h>

struct channel {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int open;
};

void await_open(struct channel* channel) {
  pthread_mutex_lock(&channel->lock);
  while (!channel->open) pthread_cond_wait(&channel->changed, &channel->lock);
  pthread_mutex_unlock(&channel->lock);
}

void await_closed(struct channel* channel) {
  pthread_mutex_t* lock = &channel->lock;
  pthread_mutex_lock(lock);
  while (channel->open) pthread_cond_wait(&channel->changed, lock);
  pthread_mutex_unlock(lock);
}
