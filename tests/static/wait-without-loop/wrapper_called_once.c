// The wait is in a wrapper, and the wrapper's caller does not test again.
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
  if (event->state == 0) event_sleep(event);  // EXPECT: wait-without-loop
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
