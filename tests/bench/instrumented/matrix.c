// Two threads multiply two matrices, half each.
#include <pthread.h>
#include <stdlib.h>

enum { kSize = 600 };
static double *a, *b, *c;

static void* multiply(void* half) {
  const int from = half ? kSize / 2 : 0;
  for (int i = from; i < from + kSize / 2; ++i)
    for (int j = 0; j < kSize; ++j) {
      double sum = 0;
      for (int k = 0; k < kSize; ++k) sum += a[i * kSize + k] * b[k * kSize + j];
      c[i * kSize + j] = sum;
    }
  return 0;
}

int main(void) {
  a = malloc(sizeof(double) * kSize * kSize);
  b = malloc(sizeof(double) * kSize * kSize);
  c = malloc(sizeof(double) * kSize * kSize);
  for (int i = 0; i < kSize * kSize; ++i) a[i] = i % 7, b[i] = i % 5;
  pthread_t threads[2];
  for (long i = 0; i < 2; ++i) pthread_create(&threads[i], 0, multiply, (void*)i);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  return c[kSize + 1] > 0 ? 0 : 1;
}
