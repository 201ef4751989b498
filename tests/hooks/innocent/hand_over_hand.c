// A sorted list on the heap is walked hand over hand by four threads that insert: locks of one class, nested,
// in the order of the list, which is not the order of their addresses.
#include "support.h"

struct Node {
  pthread_mutex_t lock;
  struct Node* next;
  int value;
};
enum { kThreads = 4, kRounds = 50 };
static struct Node* head;

static struct Node* new_node(int value, struct Node* next) {
  struct Node* node = (struct Node*)malloc(sizeof(*node));
  CHECK_THAT(node != NULL);
  CHECK(pthread_mutex_init(&node->lock, NULL));
  node->value = value;
  node->next = next;
  return node;
}

// The next node is locked before this one is given back.
static void insert(int value) {
  struct Node* node = head;
  CHECK(pthread_mutex_lock(&node->lock));
  while (node->next != NULL && node->next->value < value) {
    struct Node* next = node->next;
    CHECK(pthread_mutex_lock(&next->lock));
    CHECK(pthread_mutex_unlock(&node->lock));
    node = next;
  }
  node->next = new_node(value, node->next);
  CHECK(pthread_mutex_unlock(&node->lock));
}

static void* add_values(void* argument) {
  const int own = *(int*)argument;
  for (int i = 0; i < kRounds; ++i) insert(i * kThreads + own);
  return NULL;
}

int main(void) {
  pthread_t threads[kThreads];
  int numbers[kThreads];
  head = new_node(-1, NULL);
  for (int i = 0; i < kThreads; ++i) {
    numbers[i] = i;
    threads[i] = start(add_values, &numbers[i]);
  }
  for (int i = 0; i < kThreads; ++i) join(threads[i]);
  int count = 0;
  for (struct Node* node = head->next; node != NULL; node = node->next) CHECK_THAT(node->value == count++);
  printf("%d\n", count);
  return 0;
}
