// A parameter says whether the caller holds the lock, which is given up for a while either way; it is passed
// on.
#include <pthread.h>
#include <stdbool.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int version;

int write_file(int version);

static void save(bool locked) {
  if (!locked) pthread_mutex_lock(&lock);  // EXPECT: double-lock
  const int saved = version;
  pthread_mutex_unlock(&lock);
  write_file(saved);
  if (locked) pthread_mutex_lock(&lock);
}

static void save_all(bool locked) {
  save(locked);
}

void change(void) {
  pthread_mutex_lock(&lock);
  ++version;
  save_all(true);
  pthread_mutex_unlock(&lock);
}

void flush(void) {
  save_all(false);
}

void change_twice(void) {
  pthread_mutex_lock(&lock);
  version += 2;
  save_all(false);
  pthread_mutex_unlock(&lock);
}
