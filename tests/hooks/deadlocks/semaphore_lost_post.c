// EXPECT: rule=lost-wakeup grade=inferred has=semaphore names=items
// The producer posts twice and ends, the consumer waits a third time.
#include "support.h"

static sem_t items;

static void* produce(void* argument) {
  name_thread("producer");
  for (int i = 0; i < 2; ++i) CHECK_SYSTEM(sem_post(&items));
  return argument;
}

static void* consume(void* argument) {
  name_thread("consumer");
  for (int i = 0; i < 3; ++i) CHECK_SYSTEM(sem_wait(&items));
  return argument;
}

int main(void) {
  CHECK_SYSTEM(sem_init(&items, 0, 0));
  pthread_t consumer = start(consume, NULL);
  pthread_t producer = start(produce, NULL);
  join(producer);
  join(consumer);
  return 0;
}
