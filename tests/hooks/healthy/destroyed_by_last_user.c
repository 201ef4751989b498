// The last one to let go of an object destroys its locks and frees it: right after its unlock, while the
// others may still be on their way out of theirs.
#include "support.h"

struct Object {
  pthread_mutex_t mutex;
  pthread_rwlock_t rwlock;
  pthread_spinlock_t spin;
  int users;
};

enum { kUsers = 4, kRounds = 300 };

static struct Object* make(void) {
  struct Object* object = malloc(sizeof *object);
  CHECK_THAT(object != NULL);
  CHECK(pthread_mutex_init(&object->mutex, NULL));
  CHECK(pthread_rwlock_init(&object->rwlock, NULL));
  CHECK(pthread_spin_init(&object->spin, PTHREAD_PROCESS_PRIVATE));
  object->users = kUsers;
  return object;
}

static void drop(struct Object* object) {
  CHECK(pthread_rwlock_rdlock(&object->rwlock));
  CHECK(pthread_spin_lock(&object->spin));
  CHECK(pthread_spin_unlock(&object->spin));
  CHECK(pthread_rwlock_unlock(&object->rwlock));
  CHECK(pthread_mutex_lock(&object->mutex));
  const int left = --object->users;
  CHECK(pthread_mutex_unlock(&object->mutex));
  if (left != 0) return;
  CHECK(pthread_mutex_destroy(&object->mutex));
  CHECK(pthread_rwlock_destroy(&object->rwlock));
  CHECK(pthread_spin_destroy(&object->spin));
  free(object);
}

static struct Object* objects[kRounds];

static void* use(void* argument) {
  for (int i = 0; i < kRounds; ++i) drop(objects[i]);
  return argument;
}

int main(void) {
  pthread_t users[kUsers];
  for (int i = 0; i < kRounds; ++i) objects[i] = make();
  for (int i = 0; i < kUsers; ++i) users[i] = start(use, NULL);
  for (int i = 0; i < kUsers; ++i) join(users[i]);
  puts("all gone");
  return 0;
}
