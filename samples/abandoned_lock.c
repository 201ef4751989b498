// EXPECT: rule=abandoned-lock grade=proven threads=1 kinds=mutex names=journal_lock
// EXPECT: rule=lock-held-at-exit grade=proven threads=1 kinds=mutex names=journal_lock
// A thread takes an early way out and ends with the lock in its hand. Nobody is left who could release it.
// Compare abandoned_lock_clean.c, which releases it on every way out.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;
static int entries;

static void* write_entry(void* text) {
  pthread_setname_np(pthread_self(), "journal");
  pthread_mutex_lock(&journal_lock);
  if (text == NULL) return NULL;  // forgets the lock
  ++entries;
  pthread_mutex_unlock(&journal_lock);
  return NULL;
}

int main(void) {
  pthread_t writer;
  pthread_create(&writer, NULL, write_entry, NULL);
  pthread_join(writer, NULL);
  pthread_mutex_lock(&journal_lock);
  printf("%d entries\n", entries);
  pthread_mutex_unlock(&journal_lock);
  return 0;
}
