// RACE: stack, add, main
#include <pthread.h>

#include "turns.h"

static void* add(void* sum) {
  *(long*)sum += 5;
  step(1);
  return 0;
}

int main(void) {
  long sum = 0;
  pthread_t thread;
  pthread_create(&thread, 0, add, &sum);
  if (RACY) {
    await(1);
    sum += 3;
    pthread_join(thread, 0);
  } else {
    pthread_join(thread, 0);
    sum += 3;
  }
  return sum == 8 ? 0 : 1;
}
