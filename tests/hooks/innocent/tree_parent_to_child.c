// A tree of locks of one class: the parent stays locked while its child is.
#include "support.h"

struct Node {
  pthread_mutex_t lock;
  struct Node* children[2];
  int visits;
};
enum { kDepth = 6, kThreads = 4, kRounds = 100 };
static struct Node* root;

static struct Node* grow(int depth) {
  struct Node* node = (struct Node*)calloc(1, sizeof(*node));
  CHECK_THAT(node != NULL);
  CHECK(pthread_mutex_init(&node->lock, NULL));
  for (int i = 0; depth > 1 && i < 2; ++i) node->children[i] = grow(depth - 1);
  return node;
}

static void descend(struct Node* node, unsigned path) {
  CHECK(pthread_mutex_lock(&node->lock));
  ++node->visits;
  if (node->children[0] != NULL) descend(node->children[path & 1], path >> 1);
  CHECK(pthread_mutex_unlock(&node->lock));
}

static void* walk(void* argument) {
  for (unsigned i = 0; i < kRounds; ++i) descend(root, i);
  return argument;
}

int main(void) {
  pthread_t threads[kThreads];
  root = grow(kDepth);
  for (int i = 0; i < kThreads; ++i) threads[i] = start(walk, NULL);
  for (int i = 0; i < kThreads; ++i) join(threads[i]);
  printf("%d\n", root->visits);
  return 0;
}
