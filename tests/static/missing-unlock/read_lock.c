// A reader that finds nothing stays a reader.
// FLAGS: -std=gnu17
#include <pthread.h>
#include <string.h>

static pthread_rwlock_t names_lock = PTHREAD_RWLOCK_INITIALIZER;
static const char* const names[] = {"one", "two", "three"};

int find_name(const char* name) {
  pthread_rwlock_rdlock(&names_lock);
  for (int i = 0; i < 3; i++) {
    if (strcmp(names[i], name) == 0) {
      pthread_rwlock_unlock(&names_lock);
      return i;
    }
  }
  return -1;  // EXPECT: missing-unlock
}
