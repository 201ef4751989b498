// Many tests come before a lock; one of them, on all ways, is that the caller does not hold it.
#include <pthread.h>
#include <stdbool.h>

struct table {
  pthread_mutex_t lock;
  int a, b, c, d;
};

void touch(struct table* table);

static void update(struct table* table, int kind, bool locked) {
  if (!locked) {
    switch (kind) {
      case 1:
        pthread_mutex_lock(&table->lock);
        table->a = 1;
        break;
      case 2:
        pthread_mutex_lock(&table->lock);
        table->b = 1;
        break;
      case 3:
        pthread_mutex_lock(&table->lock);
        table->c = 1;
        break;
      case 4:
        pthread_mutex_lock(&table->lock);
        table->d = 1;
        break;
      case 5:
        pthread_mutex_lock(&table->lock);
        table->a = 2;
        break;
      case 6:
        pthread_mutex_lock(&table->lock);
        table->b = 2;
        break;
      case 7:
        pthread_mutex_lock(&table->lock);
        table->c = 2;
        break;
      default:
        pthread_mutex_lock(&table->lock);
        table->d = 2;
        break;
    }
    pthread_mutex_unlock(&table->lock);
  } else {
    (void)kind;
  }
  touch(table);
}

void under_lock(struct table* table, int kind) {
  pthread_mutex_lock(&table->lock);
  update(table, kind, true);
  pthread_mutex_unlock(&table->lock);
}

void without(struct table* table, int kind) {
  update(table, kind, false);
}
