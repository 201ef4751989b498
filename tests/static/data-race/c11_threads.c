// The threads of C11.
// FLAGS: -std=c11
#include <threads.h>

static int votes;

static int vote(void* unused) {
  (void)unused;
  votes++;  // EXPECT: data-race "votes"
  return 0;
}

int main(void) {
  thrd_t one, two;
  thrd_create(&one, vote, 0);
  thrd_create(&two, vote, 0);
  thrd_join(one, 0);
  thrd_join(two, 0);
  return 0;
}
