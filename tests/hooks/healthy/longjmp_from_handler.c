// A signal handler leaves a blocking sem_wait by siglongjmp; the thread goes on with locks.
#include <setjmp.h>
#include <signal.h>

#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t never;
static sigjmp_buf back;
static int jumps;

static void jump(int number) {
  (void)number;
  ++jumps;
  siglongjmp(back, 1);
}

int main(void) {
  CHECK_SYSTEM(sem_init(&never, 0, 0));
  struct sigaction action = {0};
  action.sa_handler = jump;
  CHECK_SYSTEM(sigaction(SIGALRM, &action, NULL));
  alarm(1);
  if (sigsetjmp(back, 1) == 0) {
    sem_wait(&never);
    return 1;
  }
  if (sigsetjmp(back, 1) == 0) raise(SIGALRM);
  for (int i = 0; i < 1000; ++i) {
    CHECK(pthread_mutex_lock(&lock));
    CHECK(pthread_mutex_unlock(&lock));
  }
  printf("%d\n", jumps);
  return 0;
}
