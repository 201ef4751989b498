// Each thread has its own part of an array, and main adds them up behind the joins.
#include <pthread.h>
#include <stddef.h>

struct part {
  int first, last;
  long sum;
};

static void* add_up(void* argument) {
  struct part* part = argument;
  for (int i = part->first; i < part->last; i++) part->sum += i;
  return NULL;
}

int main(void) {
  struct part parts[4];
  pthread_t threads[4];
  long sum = 0;
  for (int i = 0; i < 4; i++) {
    parts[i].first = i * 100;
    parts[i].last = i * 100 + 100;
    parts[i].sum = 0;
    pthread_create(&threads[i], NULL, add_up, &parts[i]);
  }
  for (int i = 0; i < 4; i++) {
    pthread_join(threads[i], NULL);
    sum += parts[i].sum;
  }
  return sum > 0;
}
