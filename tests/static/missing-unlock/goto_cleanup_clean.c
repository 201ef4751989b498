// Every way out goes through one label.
#include <pthread.h>
#include <stdlib.h>

struct store {
  pthread_mutex_t lock;
  char* data;
  int frozen;
};

int store_resize(struct store* store, size_t size) {
  int result = -1;
  pthread_mutex_lock(&store->lock);
  if (store->frozen) goto out;
  char* data = realloc(store->data, size);
  if (data == NULL) goto out;
  store->data = data;
  result = 0;
out:
  pthread_mutex_unlock(&store->lock);
  return result;
}
