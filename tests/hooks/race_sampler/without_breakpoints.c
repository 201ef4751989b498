// Runs a program where there are no hardware breakpoints to be had.
//
//   without_breakpoints refused ERRNO PROGRAM [ARGUMENT...]   a filter answers perf_event_open with that
//   number without_breakpoints taken PROGRAM [ARGUMENT...]           another process has all four in every
//   thread of it
//
// Exits as the program does, or by its signal.
#include <errno.h>
#include <linux/filter.h>
#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kBreakpoints = 4, kNotPossible = 77 };

static void fail(const char* what) {
  perror(what);
  exit(kNotPossible);
}

static void refuse(int number) {
  struct sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)number),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) fail("no_new_privs");
  if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) fail("seccomp");
}

// Threads that the process starts have them, too.
static void take_all(pid_t process) {
  struct perf_event_attr attr;
  memset(&attr, 0, sizeof attr);
  attr.type = PERF_TYPE_BREAKPOINT;
  attr.size = sizeof attr;
  attr.bp_type = HW_BREAKPOINT_W;
  attr.bp_len = HW_BREAKPOINT_LEN_8;
  attr.exclude_kernel = 1;
  attr.exclude_hv = 1;
  attr.inherit = 1;
  for (int i = 0; i < kBreakpoints; ++i) {
    attr.bp_addr = 0x1000 + 8 * (unsigned long)i;
    if (syscall(SYS_perf_event_open, &attr, process, -1, -1, 0) < 0) fail("perf_event_open");
  }
}

int main(int count, char** words) {
  if (count >= 4 && strcmp(words[1], "refused") == 0) {
    refuse(atoi(words[2]));
    execvp(words[3], words + 3);
    fail(words[3]);
  }
  if (count < 3 || strcmp(words[1], "taken") != 0) return 2;
  int go[2];
  if (pipe(go) != 0) fail("pipe");
  const pid_t child = fork();
  if (child < 0) fail("fork");
  if (child == 0) {
    char byte;
    close(go[1]);
    if (read(go[0], &byte, 1) != 1) _exit(kNotPossible);
    close(go[0]);
    execvp(words[2], words + 2);
    _exit(kNotPossible);
  }
  close(go[0]);
  take_all(child);
  if (write(go[1], "x", 1) != 1) fail("write");
  close(go[1]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
