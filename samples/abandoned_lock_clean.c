// The twin of abandoned_lock.c: one way out, which releases the lock. No finding.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;
static int entries;

static void* write_entry(void* text) {
  pthread_mutex_lock(&journal_lock);
  if (text != NULL) ++entries;
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
