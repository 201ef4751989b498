// A bounded queue: one side waits for slots and posts items, the other the reverse. Semaphores that are
// posted by those who never took them are signals and no locks.
#include "support.h"

enum { kSlots = 4, kItems = 300 };
static sem_t slots, items;
static pthread_mutex_t queue_lock = PTHREAD_MUTEX_INITIALIZER;
static int queue[kSlots];
static int put, taken;

static void* produce(void* argument) {
  for (int i = 0; i < kItems; ++i) {
    CHECK_SYSTEM(sem_wait(&slots));
    CHECK(pthread_mutex_lock(&queue_lock));
    queue[put++ % kSlots] = i;
    CHECK_SYSTEM(sem_post(&items));
    CHECK(pthread_mutex_unlock(&queue_lock));
  }
  return argument;
}

static void* consume(void* argument) {
  long* sum = (long*)argument;
  for (int i = 0; i < kItems; ++i) {
    CHECK_SYSTEM(sem_wait(&items));
    CHECK(pthread_mutex_lock(&queue_lock));
    *sum += queue[taken++ % kSlots];
    CHECK_SYSTEM(sem_post(&slots));
    CHECK(pthread_mutex_unlock(&queue_lock));
  }
  return NULL;
}

int main(void) {
  long sum = 0;
  CHECK_SYSTEM(sem_init(&slots, 0, kSlots));
  CHECK_SYSTEM(sem_init(&items, 0, 0));
  pthread_t consumer = start(consume, &sum);
  pthread_t producer = start(produce, NULL);
  join(producer);
  join(consumer);
  printf("%ld\n", sum);
  return 0;
}
