// An error path releases the inner lock and not the outer one.
#include <pthread.h>

static pthread_mutex_t users_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t groups_lock = PTHREAD_MUTEX_INITIALIZER;
static int users, groups;

int join_group(int limit) {
  pthread_mutex_lock(&users_lock);
  pthread_mutex_lock(&groups_lock);
  if (groups == limit) {
    pthread_mutex_unlock(&groups_lock);
    return -1;  // EXPECT: missing-unlock "users_lock"
  }
  groups++;
  users++;
  pthread_mutex_unlock(&groups_lock);
  pthread_mutex_unlock(&users_lock);
  return 0;
}
