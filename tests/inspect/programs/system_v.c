// INSPECT: rule=deadlock grade=inferred threads=2 kinds=System V semaphore,System V semaphore processes=2
// INSPECT[timed]: nothing
// INSPECT[queues]: rule=deadlock grade=inferred threads=2 kinds=message queue,message queue processes=2
// INSPECT[full_queues]: rule=deadlock grade=inferred threads=2 kinds=message queue,message queue processes=2
// Parent and child take the two semaphores of a set in opposite order; or each waits for a message, or for
// room, on the queue that the other has last used. The objects outlive the program: it says on its standard
// output which they are, for the test to remove them.
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/sem.h>

#include "family.h"

struct Message {
  long kind;
  char text[1024];
};

static int set;
static int queues[2];  // for the parent, for the child
static int* gates;

static void take(unsigned short semaphore, int with_limit) {
  struct sembuf operation = {semaphore, -1, 0};
  const struct timespec limit = {1000, 0};
  CHECK_SYSTEM(with_limit ? semtimedop(set, &operation, 1, &limit) : semop(set, &operation, 1));
}

static void take_in_order(unsigned short first, unsigned short second) {
  take(first, 0);
  meet(gates, 2);
  take(second, variant("timed"));
}

// Each has sent to the other and got an answer; then both listen, or both send.
static void exchange(int mine, int other) {
  struct Message message = {1, {0}};
  CHECK_SYSTEM(msgsnd(queues[other], &message, sizeof message.text, 0));
  CHECK_SYSTEM(msgrcv(queues[mine], &message, sizeof message.text, 0, 0));
  meet(gates, 2);
  while (variant("full_queues")) CHECK_SYSTEM(msgsnd(queues[other], &message, sizeof message.text, 0));
  CHECK_SYSTEM(msgrcv(queues[mine], &message, sizeof message.text, 0, 0));
}

static int uses_queues(void) {
  return variant("queues") || variant("full_queues");
}

static void run_child(void) {
  if (uses_queues())
    exchange(1, 0);
  else
    take_in_order(1, 0);
}

int main(int count, char** values) {
  take_arguments(count, values);
  gates = shared_by_all(sizeof *gates);
  set = (int)CHECK_SYSTEM(semget(IPC_PRIVATE, 2, 0600));
  for (int i = 0; i < 2; ++i) queues[i] = (int)CHECK_SYSTEM(msgget(IPC_PRIVATE, 0600));
  printf("semaphores %d\nqueue %d\nqueue %d\n", set, queues[0], queues[1]);
  fflush(stdout);
  const unsigned short one_each[] = {1, 1};
  CHECK_SYSTEM(semctl(set, 0, SETALL, one_each));
  child(run_child);
  if (uses_queues())
    exchange(0, 1);
  else
    take_in_order(0, 1);
  return 0;
}
