// Two threads use it.
#include <pthread.h>
#include <stddef.h>

#include "totals.h"

void* count_bytes(void* unused) {
  for (int i = 0; i < 100; i++) total_add(512);
  return unused;
}

int main(void) {
  pthread_t counter;
  pthread_create(&counter, NULL, count_bytes, NULL);
  long seen = total_get();
  pthread_join(counter, NULL);
  return seen > 0;
}
