// That a mutex is recursive helps against its own thread, not against another.
// FLAGS: -D_GNU_SOURCE
#include <pthread.h>

static pthread_mutex_t layout = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;
static pthread_mutex_t fonts = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

void measure(void) {
  pthread_mutex_lock(&layout);
  pthread_mutex_lock(&layout);
  pthread_mutex_lock(&fonts);  // EXPECT: lock-order-inversion
  pthread_mutex_unlock(&fonts);
  pthread_mutex_unlock(&layout);
  pthread_mutex_unlock(&layout);
}

void load_font(void) {
  pthread_mutex_lock(&fonts);
  pthread_mutex_lock(&layout);  // EXPECT: lock-order-inversion
  pthread_mutex_unlock(&layout);
  pthread_mutex_unlock(&fonts);
}
