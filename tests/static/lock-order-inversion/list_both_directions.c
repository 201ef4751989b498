// A list that is walked hand over hand forwards by one function and backwards by another.
#include <pthread.h>
#include <stddef.h>

struct node {
  pthread_mutex_t lock;
  struct node* next;
  struct node* previous;
  int value;
};

static int sum_from(struct node* node) {
  int sum = 0;
  pthread_mutex_lock(&node->lock);
  for (;;) {
    sum += node->value;
    struct node* next = node->next;
    if (next == NULL) break;
    pthread_mutex_lock(&next->lock);  // EXPECT: lock-order-inversion
    pthread_mutex_unlock(&node->lock);
    node = next;
  }
  pthread_mutex_unlock(&node->lock);
  return sum;
}

static int sum_back_from(struct node* node) {
  int sum = 0;
  pthread_mutex_lock(&node->lock);
  for (;;) {
    sum += node->value;
    struct node* previous = node->previous;
    if (previous == NULL) break;
    pthread_mutex_lock(&previous->lock);  // EXPECT: lock-order-inversion
    pthread_mutex_unlock(&node->lock);
    node = previous;
  }
  pthread_mutex_unlock(&node->lock);
  return sum;
}

int forwards(struct node* first) {
  return sum_from(first);
}
int backwards(struct node* last) {
  return sum_back_from(last);
}
