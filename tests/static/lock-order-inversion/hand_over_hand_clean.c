// A list that everybody walks in one direction, hand over hand.
#include <pthread.h>
#include <stddef.h>

struct node {
  pthread_mutex_t lock;
  struct node* next;
  int key;
};

struct list {
  struct node head;
};

static struct node* find_locked(struct list* list, int key) {
  struct node* node = &list->head;
  pthread_mutex_lock(&node->lock);
  while (node->next != NULL && node->next->key < key) {
    struct node* next = node->next;
    pthread_mutex_lock(&next->lock);
    pthread_mutex_unlock(&node->lock);
    node = next;
  }
  return node;
}

void insert(struct list* list, struct node* added) {
  struct node* before = find_locked(list, added->key);
  added->next = before->next;
  before->next = added;
  pthread_mutex_unlock(&before->lock);
}

struct node* take_after(struct list* list, int key) {
  struct node* before = find_locked(list, key);
  struct node* taken = before->next;
  if (taken != NULL) {
    pthread_mutex_lock(&taken->lock);
    before->next = taken->next;
    pthread_mutex_unlock(&taken->lock);
  }
  pthread_mutex_unlock(&before->lock);
  return taken;
}
