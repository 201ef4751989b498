// The twin of ends_with_lock.c: one way out, which releases the lock. No finding.
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
  char hello[] = "hello";
  char* texts[] = {hello, NULL};
  for (int i = 0; i < 2; ++i) {
    pthread_t writer;
    pthread_create(&writer, NULL, write_entry, texts[i]);
    pthread_join(writer, NULL);
  }
  printf("%d entries\n", entries);
  return 0;
}
