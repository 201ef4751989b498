// begin() returns 0 with the lock and an error without it.
#include <pthread.h>

struct journal {
  pthread_mutex_t lock;
  int open;
  int entries;
};

int journal_begin(struct journal* journal) {
  pthread_mutex_lock(&journal->lock);
  if (!journal->open) {
    pthread_mutex_unlock(&journal->lock);
    return -1;
  }
  return 0;
}

void journal_end(struct journal* journal) {
  pthread_mutex_unlock(&journal->lock);
}

int journal_add(struct journal* journal) {
  if (journal_begin(journal) < 0) return -1;
  journal->entries++;
  journal_end(journal);
  return 0;
}
