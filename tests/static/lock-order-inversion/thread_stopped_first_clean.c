// The one thread that locks the other way round is known by a global, and has ended before.
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static pthread_mutex_t table_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t stop_lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int is_running;
static pthread_t maintenance;

static void* maintain(void* unused) {
  (void)unused;
  while (is_running) {
    pthread_mutex_lock(&table_lock);
    pthread_mutex_lock(&stop_lock);
    pthread_mutex_unlock(&stop_lock);
    pthread_mutex_unlock(&table_lock);
  }
  return NULL;
}

static void start_maintenance(void) {
  is_running = 1;
  pthread_create(&maintenance, NULL, maintain, NULL);
}

static void stop_maintenance(void) {
  is_running = 0;
  pthread_join(maintenance, NULL);
}

static void stop_all(void) {
  stop_maintenance();
  pthread_mutex_lock(&stop_lock);
  pthread_mutex_lock(&table_lock);
  pthread_mutex_unlock(&table_lock);
  pthread_mutex_unlock(&stop_lock);
}

int main(void) {
  start_maintenance();
  stop_all();
  return 0;
}
