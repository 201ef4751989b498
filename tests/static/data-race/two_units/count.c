// The thread's function.
#include "totals.h"

long total_bytes;

void* count_bytes(void* unused) {
  for (int i = 0; i < 100; i++) total_bytes += 512;  // EXPECT: data-race "total_bytes"
  return unused;
}
