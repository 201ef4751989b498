// A filter that kills for any system call but the few that threads need. Whatever watches the program must
// not make another, in old threads, new ones, a contended lock or on the way out.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "support.h"

#define ALLOW(number) \
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (number), 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int count;

static void confine(void) {
  struct sock_filter rules[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
      ALLOW(SYS_futex),
      ALLOW(SYS_mmap),
      ALLOW(SYS_munmap),
      ALLOW(SYS_mprotect),
      ALLOW(SYS_brk),
      ALLOW(SYS_madvise),
      ALLOW(SYS_clone),
      ALLOW(SYS_clone3),
      ALLOW(SYS_rseq),
      ALLOW(SYS_set_robust_list),
      ALLOW(SYS_rt_sigprocmask),
      ALLOW(SYS_sched_yield),
      ALLOW(SYS_write),
      ALLOW(SYS_exit),
      ALLOW(SYS_exit_group),
      ALLOW(SYS_getrandom),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
  };
  struct sock_fprog program = {sizeof(rules) / sizeof(rules[0]), rules};
  CHECK_SYSTEM(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  CHECK_SYSTEM(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program));
}

static void* work(void* argument) {
  for (int i = 0; i < 2000; ++i) {
    CHECK(pthread_mutex_lock(&outer));
    CHECK(pthread_mutex_lock(&inner));
    ++count;
    CHECK(pthread_cond_broadcast(&changed));
    CHECK(pthread_mutex_unlock(&inner));
    CHECK(pthread_mutex_unlock(&outer));
  }
  return argument;
}

static void* await_count(void* target) {
  CHECK(pthread_mutex_lock(&inner));
  while (count < (int)(size_t)target) CHECK(pthread_cond_wait(&changed, &inner));
  CHECK(pthread_mutex_unlock(&inner));
  return NULL;
}

int main(void) {
  printf("%d\n", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL));  // asks whether there are filters at all
  fflush(stdout);
  pthread_t before = start(await_count, (void*)6000);
  join(start(work, NULL));
  confine();
  pthread_t threads[2];
  for (int i = 0; i < 2; ++i) threads[i] = start(work, NULL);
  for (int i = 0; i < 2; ++i) join(threads[i]);
  join(before);
  char text[] = "6000\n";
  CHECK_THAT(count == 6000);
  CHECK_SYSTEM(write(1, text, 5));
  return 0;
}
