// Each thread holds a lock, but not the same one.
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t in_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t out_lock = PTHREAD_MUTEX_INITIALIZER;
static int packets;

static void* receive(void* unused) {
  pthread_mutex_lock(&in_lock);
  packets++;  // EXPECT: data-race "packets"
  pthread_mutex_unlock(&in_lock);
  return unused;
}

static void* transmit(void* unused) {
  pthread_mutex_lock(&out_lock);
  packets--;  // EXPECT: data-race "packets"
  pthread_mutex_unlock(&out_lock);
  return unused;
}

int main(void) {
  pthread_t one, two;
  pthread_create(&one, NULL, receive, NULL);
  pthread_create(&two, NULL, transmit, NULL);
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  return 0;
}
