// EXPECT: rule=deadlock grade=inferred threads=2 kinds=condition,mutex names=outer,not_empty
// INSPECT: rule=deadlock grade=inferred threads=2 kinds=condition,mutex names=outer,not_empty
// Nested monitors: the consumer waits with the inner lock released and the outer one held; the producer,
// which has signalled before, needs the outer one to get in.
#include "support.h"

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;
static int items;
static int consumer_is_inside;

static void take_item(void) {
  CHECK(pthread_mutex_lock(&inner));
  while (items == 0) CHECK(pthread_cond_wait(&not_empty, &inner));
  --items;
  CHECK(pthread_mutex_unlock(&inner));
}

static void* consume(void* argument) {
  name_thread("consumer");
  take_item();
  CHECK(pthread_mutex_lock(&outer));
  raise_flag(&consumer_is_inside);
  take_item();
  CHECK(pthread_mutex_unlock(&outer));
  return argument;
}

static void put_item(void) {
  CHECK(pthread_mutex_lock(&outer));
  CHECK(pthread_mutex_lock(&inner));
  ++items;
  CHECK(pthread_cond_signal(&not_empty));
  CHECK(pthread_mutex_unlock(&inner));
  CHECK(pthread_mutex_unlock(&outer));
}

static void* produce(void* argument) {
  name_thread("producer");
  put_item();
  await_flag(&consumer_is_inside);
  put_item();
  return argument;
}

int main(void) {
  pthread_t consumer = start(consume, NULL);
  pthread_t producer = start(produce, NULL);
  join(consumer);
  join(producer);
  return 0;
}
