// Two players wait for each other on a condition, each with a lock of its own held: one order throughout.
#include "support.h"

struct Player {
  pthread_mutex_t own_lock;
  int own_number;
};
enum { kRallies = 200 };
static pthread_mutex_t table = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn_changed = PTHREAD_COND_INITIALIZER;
static int turn;

// A player keeps its own lock while it waits for its turn.
static void* play(void* argument) {
  struct Player* player = (struct Player*)argument;
  CHECK(pthread_mutex_lock(&player->own_lock));
  for (int i = 0; i < kRallies; ++i) {
    CHECK(pthread_mutex_lock(&table));
    while (turn % 2 != player->own_number) CHECK(pthread_cond_wait(&turn_changed, &table));
    ++turn;
    CHECK(pthread_cond_broadcast(&turn_changed));
    CHECK(pthread_mutex_unlock(&table));
  }
  CHECK(pthread_mutex_unlock(&player->own_lock));
  return NULL;
}

int main(void) {
  struct Player players[] = {{PTHREAD_MUTEX_INITIALIZER, 0}, {PTHREAD_MUTEX_INITIALIZER, 1}};
  pthread_t a = start(play, &players[0]);
  pthread_t b = start(play, &players[1]);
  join(a);
  join(b);
  printf("%d\n", turn);
  return 0;
}
