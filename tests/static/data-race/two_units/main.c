// The thread is started here, and main looks on.
#include <pthread.h>
#include <stddef.h>

#include "totals.h"

int main(void) {
  pthread_t counter;
  pthread_create(&counter, NULL, count_bytes, NULL);
  long seen = total_bytes;  // EXPECT: data-race "total_bytes"
  pthread_join(counter, NULL);
  return seen > 0;
}
