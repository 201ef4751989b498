// Two locks in one order with the usual way out by goto.
#include <pthread.h>

struct pair {
  pthread_mutex_t outer;
  pthread_mutex_t inner;
  int value;
};

int pair_set(struct pair* pair, int value) {
  int result = -1;
  if (pthread_mutex_lock(&pair->outer) != 0) return -1;
  if (value < 0) goto out;
  if (pthread_mutex_lock(&pair->inner) != 0) goto out;
  pair->value = value;
  result = 0;
  pthread_mutex_unlock(&pair->inner);
out:
  pthread_mutex_unlock(&pair->outer);
  return result;
}

int pair_get(struct pair* pair) {
  pthread_mutex_lock(&pair->outer);
  pthread_mutex_lock(&pair->inner);
  int value = pair->value;
  pthread_mutex_unlock(&pair->inner);
  pthread_mutex_unlock(&pair->outer);
  return value;
}
