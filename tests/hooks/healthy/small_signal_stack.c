// A handler on a signal stack of the size that the system recommends, which locks and posts, in a process
// that has not yet locked anything and in its child; and threads on the smallest stacks.
#include <signal.h>
#include <sys/wait.h>

#include "support.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t semaphore;
static char memory[2][65536];

static void handle(int signal) {
  (void)signal;
  CHECK(pthread_mutex_lock(&lock));
  CHECK(pthread_mutex_unlock(&lock));
  CHECK_SYSTEM(sem_post(&semaphore));
}

static void* on_small_stack(void* argument) {
  CHECK(pthread_mutex_lock(&lock));
  CHECK(pthread_mutex_unlock(&lock));
  return argument;
}

static void raise_on_small_stack(char* stack) {
  const size_t size = (size_t)sysconf(_SC_SIGSTKSZ);
  memset(stack, 'x', 65536);
  const stack_t alternative = {stack + 65536 - size, 0, size};
  CHECK_SYSTEM(sigaltstack(&alternative, NULL));
  CHECK(raise(SIGUSR1));
  CHECK_SYSTEM(sem_wait(&semaphore));
  for (const char* at = stack; at < stack + 65536 - size; ++at) CHECK_THAT(*at == 'x');
}

int main(void) {
  const struct sigaction action = {.sa_handler = handle, .sa_flags = SA_ONSTACK};
  CHECK_SYSTEM(sigaction(SIGUSR1, &action, NULL));
  raise_on_small_stack(memory[0]);
  const pid_t child = (pid_t)CHECK_SYSTEM(fork());
  if (child == 0) {
    raise_on_small_stack(memory[1]);
    _exit(3);
  }
  int status = 0;
  CHECK_SYSTEM(waitpid(child, &status, 0));
  CHECK_THAT(WIFEXITED(status) && WEXITSTATUS(status) == 3);
  pthread_attr_t attributes;
  CHECK(pthread_attr_init(&attributes));
  CHECK(pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN));
  pthread_t thread;
  CHECK(pthread_create(&thread, &attributes, on_small_stack, NULL));
  join(thread);
  puts("done");
  return 0;
}
