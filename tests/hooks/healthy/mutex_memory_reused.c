// Heap churn: memory that held a mutex (never destroyed, once even held) becomes another mutex.
// EXPECT: rule=destroy-while-held grade=proven threads=1 kinds=mutex
// EXPECT: rule=destroy-while-held grade=proven threads=1 kinds=mutex optional
#include "support.h"

static pthread_mutex_t anchor = PTHREAD_MUTEX_INITIALIZER;

static void* churn(void* argument) {
  for (int i = 0; i < 2000; ++i) {
    pthread_mutex_t* lock = malloc(sizeof(*lock));
    CHECK_THAT(lock != NULL);
    CHECK(pthread_mutex_init(lock, NULL));
    pthread_mutex_t* first = i % 2 ? lock : &anchor;
    pthread_mutex_t* second = i % 2 ? &anchor : lock;
    CHECK(pthread_mutex_lock(first));
    CHECK(pthread_mutex_lock(second));
    CHECK(pthread_mutex_unlock(&anchor));
    if (i % 3 != 0) CHECK(pthread_mutex_unlock(lock));
    free(lock);
  }
  return argument;
}

int main(void) {
  pthread_t a = start(churn, NULL);
  pthread_t b = start(churn, NULL);
  join(a);
  join(b);
  puts("churned");
  return 0;
}
