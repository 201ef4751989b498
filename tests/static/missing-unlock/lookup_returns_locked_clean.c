// What is found is returned locked; what is dead is unlocked and not returned.
#include <pthread.h>
#include <stddef.h>

struct object {
  pthread_mutex_t lock;
  int alive;
  int value;
};

static struct object* object_get(struct object* object) {
  pthread_mutex_lock(&object->lock);
  if (!object->alive) {
    pthread_mutex_unlock(&object->lock);
    return NULL;
  }
  return object;
}

static void object_put(struct object* object) {
  pthread_mutex_unlock(&object->lock);
}

int object_value(struct object* object) {
  struct object* held = object_get(object);
  if (held == NULL) return -1;
  int value = held->value;
  object_put(held);
  return value;
}
