// EXPECT: rule=lock-held-at-exit grade=proven threads=1 kinds=mutex names=journal_lock
// A thread takes an early way out and ends with the lock in its hand. In this run nobody asks for it again,
// so that nothing hangs: abandoned_lock.c shows what comes of it. Compare ends_with_lock_clean.c.
#include <pthread.h>
#include <stdio.h>

static pthread_mutex_t journal_lock = PTHREAD_MUTEX_INITIALIZER;
static int entries;

static void* write_entry(void* text) {
  pthread_mutex_lock(&journal_lock);
  if (text == NULL) return NULL;  // forgets the lock
  ++entries;
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
