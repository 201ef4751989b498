// Objects with a lock of their own travel through two queues and are freed at the end, while others are made
// in their place: an object's lock is always taken before a queue's.
#include "support.h"

struct Item {
  pthread_mutex_t lock;
  int value;
  struct Item* next;
};
struct Queue {
  pthread_mutex_t lock;
  pthread_cond_t filled;
  struct Item* first;
};
enum { kItems = 200 };
static struct Queue to_worker = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL};
static struct Queue to_end = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, NULL};

static void push(struct Queue* queue, struct Item* item) {
  CHECK(pthread_mutex_lock(&queue->lock));
  item->next = queue->first;
  queue->first = item;
  CHECK(pthread_cond_signal(&queue->filled));
  CHECK(pthread_mutex_unlock(&queue->lock));
}

static struct Item* pop(struct Queue* queue) {
  CHECK(pthread_mutex_lock(&queue->lock));
  while (queue->first == NULL) CHECK(pthread_cond_wait(&queue->filled, &queue->lock));
  struct Item* item = queue->first;
  queue->first = item->next;
  CHECK(pthread_mutex_unlock(&queue->lock));
  return item;
}

// Each stage pushes an item on while it holds the item's lock, and locks what it pops with no queue held.
static void* make(void* argument) {
  for (int i = 0; i < kItems; ++i) {
    struct Item* item = (struct Item*)malloc(sizeof(*item));
    CHECK_THAT(item != NULL);
    CHECK(pthread_mutex_init(&item->lock, NULL));
    CHECK(pthread_mutex_lock(&item->lock));
    item->value = i;
    push(&to_worker, item);
    CHECK(pthread_mutex_unlock(&item->lock));
  }
  return argument;
}

static void* work(void* argument) {
  for (int i = 0; i < kItems; ++i) {
    struct Item* item = pop(&to_worker);
    CHECK(pthread_mutex_lock(&item->lock));
    item->value *= 2;
    push(&to_end, item);
    CHECK(pthread_mutex_unlock(&item->lock));
  }
  return argument;
}

int main(void) {
  long sum = 0;
  pthread_t maker = start(make, NULL);
  pthread_t worker = start(work, NULL);
  for (int i = 0; i < kItems; ++i) {
    struct Item* item = pop(&to_end);
    CHECK(pthread_mutex_lock(&item->lock));
    sum += item->value;
    CHECK(pthread_mutex_unlock(&item->lock));
    CHECK(pthread_mutex_destroy(&item->lock));
    free(item);
  }
  join(maker);
  join(worker);
  printf("%ld\n", sum);
  return 0;
}
