// The loop is left between lock and unlock.
#include <pthread.h>

struct table {
  pthread_mutex_t lock;
  int keys[16];
};

int table_find(struct table* table, int key) {
  int i;
  for (i = 0; i < 16; i++) {
    pthread_mutex_lock(&table->lock);
    if (table->keys[i] == key) break;
    pthread_mutex_unlock(&table->lock);
  }
  return i;  // EXPECT: missing-unlock
}
