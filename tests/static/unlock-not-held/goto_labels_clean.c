// Two labels: one for those who hold the lock, one for those who do not.
#include <pthread.h>
#include <stdlib.h>

struct store {
  pthread_mutex_t lock;
  int items;
};

int store_add(struct store* store, size_t size) {
  int result = -1;
  char* data = malloc(size);
  if (data == NULL) goto out;
  pthread_mutex_lock(&store->lock);
  if (store->items > 100) goto unlock;
  store->items++;
  result = 0;
unlock:
  pthread_mutex_unlock(&store->lock);
out:
  free(data);
  return result;
}
