// A goto from before the lock reaches the unlock.
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
  store->items++;
  result = 0;
out:
  pthread_mutex_unlock(&store->lock);  // EXPECT: unlock-not-held
  free(data);
  return result;
}
