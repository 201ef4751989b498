// The wait is in a wrapper, and the wrapper is called in a loop.
#include <pthread.h>

struct event {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int state;
};

static void event_sleep(struct event* event) {
  pthread_cond_wait(&event->changed, &event->lock);
}

int event_get(struct event* event) {
  pthread_mutex_lock(&event->lock);
  while (event->state == 0) event_sleep(event);
  int state = event->state;
  pthread_mutex_unlock(&event->lock);
  return state;
}

void event_set(struct event* event, int state) {
  pthread_mutex_lock(&event->lock);
  event->state = state;
  pthread_cond_broadcast(&event->changed);
  pthread_mutex_unlock(&event->lock);
}
