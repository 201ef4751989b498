// A parameter says whether the caller holds the lock.
#include <pthread.h>
#include <stdbool.h>

struct buffer {
  pthread_mutex_t lock;
  int used;
};

static void buffer_flush(struct buffer* buffer, bool locked) {
  if (!locked) pthread_mutex_lock(&buffer->lock);
  buffer->used = 0;
  if (!locked) pthread_mutex_unlock(&buffer->lock);
}

void buffer_write(struct buffer* buffer) {
  pthread_mutex_lock(&buffer->lock);
  if (++buffer->used > 100) buffer_flush(buffer, true);
  pthread_mutex_unlock(&buffer->lock);
}

void buffer_sync(struct buffer* buffer) {
  buffer_flush(buffer, false);
}
