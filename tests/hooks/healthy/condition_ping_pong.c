// Two threads take turns on one condition.
#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn_changed = PTHREAD_COND_INITIALIZER;
static int turn, turns;

static void* play(void* argument) {
  int own = *(int*)argument;
  for (int i = 0; i < 3000; ++i) {
    CHECK(pthread_mutex_lock(&lock));
    while (turn != own) CHECK(pthread_cond_wait(&turn_changed, &lock));
    ++turns;
    turn = 1 - own;
    CHECK(pthread_cond_signal(&turn_changed));
    CHECK(pthread_mutex_unlock(&lock));
  }
  return NULL;
}

int main(void) {
  int numbers[2] = {0, 1};
  pthread_t a = start(play, &numbers[0]);
  pthread_t b = start(play, &numbers[1]);
  join(a);
  join(b);
  printf("%d\n", turns);
  return 0;
}
