// A function that calls itself under a lock that is not recursive.
#include <pthread.h>
#include <stddef.h>

struct directory {
  struct directory* child;
  struct directory* sibling;
};

static pthread_mutex_t tree_lock = PTHREAD_MUTEX_INITIALIZER;

int count_directories(struct directory* directory) {
  int count = 1;
  pthread_mutex_lock(&tree_lock);  // EXPECT: double-lock
  for (struct directory* child = directory->child; child != NULL; child = child->sibling) {
    count += count_directories(child);
  }
  pthread_mutex_unlock(&tree_lock);
  return count;
}
