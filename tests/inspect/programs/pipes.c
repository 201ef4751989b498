// INSPECT: rule=deadlock grade=proven threads=2 kinds=pipe,pipe processes=2
// INSPECT[readers]: rule=deadlock grade=proven threads=2 kinds=pipe,pipe processes=2
// INSPECT[own_end]: rule=self-deadlock grade=proven threads=1 kinds=pipe
// INSPECT[own_end_of_thread]: rule=global-stall|deadlock grade=inferred|proven has=pipe
// INSPECT[third]: nothing
// INSPECT[busy]: nothing
// INSPECT[sleeper]: nothing
// INSPECT[leader_ended]: nothing
// INSPECT[own_table]: nothing
// INSPECT[handler]: rule=deadlock grade=inferred threads=2 kinds=pipe,pipe processes=2
// INSPECT[in_flight]: rule=deadlock grade=inferred threads=2 kinds=pipe,pipe processes=2
// Parent and child write to each other until both pipes are full, or read from each other while both are
// empty.
#include <signal.h>
#include <sys/socket.h>

#include "family.h"

static int down[2], up[2];  // parent to child, child to parent
static int* ready;

static void fill(int descriptor) {
  static const char block[4096];
  for (;;) CHECK_SYSTEM(write(descriptor, block, sizeof block));
}

static void drain(int descriptor) {
  char block[4096];
  while (CHECK_SYSTEM(read(descriptor, block, sizeof block)) > 0) continue;
}

static void* sleep_long(void* nothing) {
  raise_flag(ready);
  pass_time(1000000);
  return nothing;
}

static void* keep_in_own_table(void* closed) {
  CHECK_SYSTEM(syscall(SYS_unshare, 0x400 /* CLONE_FILES */));
  raise_flag(closed);
  pass_time(1000000);
  return NULL;
}

static void close_all(void) {
  for (int i = 0; i < 2; ++i) {
    CHECK_SYSTEM(close(down[i]));
    CHECK_SYSTEM(close(up[i]));
  }
}

// A third process that has both ends of both pipes, for good.
static void keep_both_ends(void) {
  static int has_own_table;
  if (variant("own_table")) {
    start(keep_in_own_table, &has_own_table);
    await_flag(&has_own_table);
    close_all();
  }
  if (variant("leader_ended")) {
    start(sleep_long, NULL);
    pthread_exit(NULL);
  }
  sleep_long(NULL);
}

static void close_others(int* mine, int* theirs) {
  CHECK_SYSTEM(close(mine[0]));
  CHECK_SYSTEM(close(theirs[1]));
}

static int has_third(void) {
  return variant("third") || variant("own_table") || variant("leader_ended");
}

static int reads(void) {
  return variant("readers") || variant("in_flight") || has_third();
}

static void run_child(void) {
  close_others(up, down);
  if (variant("busy")) stay_busy();
  if (variant("sleeper")) start(sleep_long, NULL);
  if (reads()) drain(down[0]);
  fill(up[1]);
}

static void* drain_own(void* nothing) {
  drain(down[0]);
  return nothing;
}

static void put_in_flight(int descriptor) {
  int sockets[2];
  CHECK_SYSTEM(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets));
  char byte = 0;
  struct iovec part = {&byte, 1};
  union {
    struct cmsghdr header;
    char space[CMSG_SPACE(sizeof(int))];
  } control = {0};
  struct msghdr message = {
      .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
  control.header.cmsg_level = SOL_SOCKET;
  control.header.cmsg_type = SCM_RIGHTS;
  control.header.cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
  CHECK_SYSTEM(sendmsg(sockets[0], &message, 0));
}

int main(int count, char** values) {
  take_arguments(count, values);
  ready = shared_by_all(sizeof *ready);
  CHECK_SYSTEM(pipe(down));
  CHECK_SYSTEM(pipe(up));
  if (variant("own_end")) drain(down[0]);
  if (variant("own_end_of_thread")) join(start(drain_own, NULL));
  if (variant("handler")) signal(SIGUSR1, ignore_signal);
  if (has_third()) {
    child(keep_both_ends);
    await_flag(ready);
  }
  child(run_child);
  if (variant("in_flight")) put_in_flight(up[1]);
  close_others(down, up);
  if (reads()) drain(up[0]);
  fill(down[1]);
  return 0;
}
