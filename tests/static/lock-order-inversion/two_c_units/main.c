// Two threads copy in opposite directions.
#include <stddef.h>

#include "store.h"

static void* replicate(void* unused) {
  store_copy(&primary, &replica);
  return unused;
}

static void* recover(void* unused) {
  store_copy(&replica, &primary);
  return unused;
}

int main(void) {
  pthread_t one, two;
  pthread_create(&one, NULL, replicate, NULL);
  pthread_create(&two, NULL, recover, NULL);
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  return 0;
}
