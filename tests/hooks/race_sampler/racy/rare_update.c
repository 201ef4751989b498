// The racing update comes a few hundred times a second, amid much locked and private work.
// EXPECT: grade=proven functions=note_progress,note_progress
#include "for_a_while.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long table[64];
static long progress;

__attribute__((noinline)) static void note_progress(long n) {
  progress += n;
}

__attribute__((noinline)) static void work_locked(unsigned i) {
  CHECK(pthread_mutex_lock(&lock));
  table[i % 64] += i;
  CHECK(pthread_mutex_unlock(&lock));
}

static void* body(void* nothing) {
  long own[64] = {0};
  for (unsigned i = 0; goes_on(); ++i) {
    own[i % 64] += i;
    if (i % 8 == 0) work_locked(i);
    if (i % 1000 == 0) note_progress(own[3] & 1);
    spend(3000);
  }
  return nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  run_pair(body, body, NULL);
  return 0;
}
