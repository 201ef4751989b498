// An error jumps behind the unlock.
#include <pthread.h>
#include <stdlib.h>

struct store {
  pthread_mutex_t lock;
  char* data;
};

int store_resize(struct store* store, size_t size) {
  int result = -1;
  pthread_mutex_lock(&store->lock);
  char* data = realloc(store->data, size);
  if (data == NULL) goto failed;
  store->data = data;
  result = 0;
  pthread_mutex_unlock(&store->lock);
failed:
  return result;  // EXPECT: missing-unlock
}
