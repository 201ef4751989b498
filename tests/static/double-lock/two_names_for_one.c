// A second pointer to the same object.
#include <pthread.h>

struct channel {
  pthread_mutex_t lock;
  int open;
};

void channel_close(struct channel* channel) {
  struct channel* self = channel;
  pthread_mutex_lock(&channel->lock);
  if (self->open) {
    pthread_mutex_lock(&self->lock);  // EXPECT: double-lock
    self->open = 0;
    pthread_mutex_unlock(&self->lock);
  }
  pthread_mutex_unlock(&channel->lock);
}
