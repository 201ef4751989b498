// _Atomic, and the builtins on a plain integer.
// FLAGS: -std=gnu11
#include <pthread.h>
#include <stddef.h>

static _Atomic int users;
static int references;

static void* use(void* unused) {
  users++;
  __atomic_add_fetch(&references, 1, __ATOMIC_SEQ_CST);
  __sync_fetch_and_sub(&references, 1);
  return unused;
}

int main(void) {
  pthread_t one, two;
  pthread_create(&one, NULL, use, NULL);
  pthread_create(&two, NULL, use, NULL);
  int seen = users + __atomic_load_n(&references, __ATOMIC_ACQUIRE);
  pthread_join(one, NULL);
  pthread_join(two, NULL);
  return seen < 0;
}
