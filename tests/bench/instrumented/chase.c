// Two threads follow the pointers of one list that is scattered over memory.
#include <pthread.h>
#include <stdlib.h>

enum { kNodes = 1 << 17, kSteps = 20000000 };
struct Node {
  struct Node* next;
  long value;
};
static struct Node* nodes;

static void* chase(void* from) {
  const struct Node* node = &nodes[(long)from];
  volatile long sum = 0;
  for (int i = 0; i < kSteps; ++i) {
    sum += node->value;
    node = node->next;
  }
  return 0;
}

int main(void) {
  nodes = malloc(sizeof(struct Node) * kNodes);
  for (unsigned i = 0; i < kNodes; ++i) {
    nodes[i].next = &nodes[(i * 40503u + 12345u) % kNodes];
    nodes[i].value = i;
  }
  pthread_t threads[2];
  for (long i = 0; i < 2; ++i) pthread_create(&threads[i], 0, chase, (void*)(i * 7));
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  return 0;
}
