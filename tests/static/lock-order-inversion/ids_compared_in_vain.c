// The accounts' numbers are compared, and both branches lock alike.
#include <pthread.h>
#include <stddef.h>

struct account {
  int id;
  long balance;
  pthread_mutex_t lock;
};

static struct account first = {1, 100, PTHREAD_MUTEX_INITIALIZER};
static struct account second = {2, 100, PTHREAD_MUTEX_INITIALIZER};

static void transfer(struct account* from, struct account* to, long amount) {
  if (from->id < to->id) {
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock);  // EXPECT-MAY: lock-order-inversion
  } else {
    pthread_mutex_lock(&from->lock);
    pthread_mutex_lock(&to->lock);  // EXPECT: lock-order-inversion
  }
  from->balance -= amount;
  to->balance += amount;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}

static void* one_way(void* unused) {
  (void)unused;
  transfer(&first, &second, 1);
  return NULL;
}

static void* other_way(void* unused) {
  (void)unused;
  transfer(&second, &first, 1);
  return NULL;
}

int main(void) {
  pthread_t threads[2];
  pthread_create(&threads[0], NULL, one_way, NULL);
  pthread_create(&threads[1], NULL, other_way, NULL);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], NULL);
  return 0;
}
