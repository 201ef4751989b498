// Two threads push onto one list; the head is read and written in two steps.
// EXPECT: grade=inferred stripped=unlikely|possible|proven functions=push,push
#include "for_a_while.h"

struct node {
  struct node* next;
  long value;
};

static struct node* head;

__attribute__((noinline)) static void push(struct node* node) {
  node->next = head;
  head = node;
}

static void* body(void* nothing) {
  struct node nodes[64];
  for (unsigned i = 0; goes_on(); ++i) {
    nodes[i % 64].value = i;
    push(&nodes[i % 64]);
    spend(400);
  }
  return nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  run_pair(body, body, NULL);
  return 0;
}
