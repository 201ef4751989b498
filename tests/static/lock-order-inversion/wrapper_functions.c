// The locks are taken by wrappers that return codes.
#include <pthread.h>

struct registry {
  pthread_mutex_t lock;
  int count;
};

static struct registry users = {PTHREAD_MUTEX_INITIALIZER, 0};
static struct registry groups = {PTHREAD_MUTEX_INITIALIZER, 0};

static int registry_enter(struct registry* registry) {
  return pthread_mutex_lock(&registry->lock) == 0 ? 0 : -1;
}

static void registry_leave(struct registry* registry) {
  pthread_mutex_unlock(&registry->lock);
}

int add_member(void) {
  if (registry_enter(&users) != 0) return -1;
  if (registry_enter(&groups) != 0) {  // EXPECT: lock-order-inversion
    registry_leave(&users);
    return -1;
  }
  users.count++;
  groups.count++;
  registry_leave(&groups);
  registry_leave(&users);
  return 0;
}

int drop_group(void) {
  if (registry_enter(&groups) != 0) return -1;
  if (registry_enter(&users) != 0) {  // EXPECT: lock-order-inversion
    registry_leave(&groups);
    return -1;
  }
  groups.count--;
  users.count--;
  registry_leave(&users);
  registry_leave(&groups);
  return 0;
}
