// Two objects of one type, the one with the smaller address first.
#include <pthread.h>

struct account {
  pthread_mutex_t lock;
  long balance;
};

void transfer(struct account* from, struct account* to, long amount) {
  if (from == to) return;
  struct account* first = from < to ? from : to;
  struct account* second = from < to ? to : from;
  pthread_mutex_lock(&first->lock);
  pthread_mutex_lock(&second->lock);
  from->balance -= amount;
  to->balance += amount;
  pthread_mutex_unlock(&second->lock);
  pthread_mutex_unlock(&first->lock);
}
