// RACE: buffer, reader
// A system call that the program makes by itself, and tells of, accesses its buffer. Coverage's callbacks are
// there, too.
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "turns.h"

// Of <sanitizer/linux_syscall_hooks.h>, which GCC does not bring.
void __sanitizer_syscall_post_impl_read(long, long, long, long);
void __sanitizer_syscall_pre_impl_read(long, long, long);
void __sanitizer_syscall_post_impl_fork(long);
void __sanitizer_syscall_pre_impl_fork(void);
void __sanitizer_cov_trace_pc_guard_init(unsigned* start, unsigned* stop);

char buffer[16];
int ends[2];

static void* reader(void* unused) {
  __sanitizer_syscall_pre_impl_read(ends[0], (long)buffer, sizeof buffer);
  const long size = syscall(SYS_read, ends[0], buffer, sizeof buffer);
  __sanitizer_syscall_post_impl_read(size, ends[0], (long)buffer, sizeof buffer);
  step(1);
  return unused;
}

long count;
int is_over;

static void* counter(void* unused) {
  while (__atomic_load_n(&is_over, __ATOMIC_SEQ_CST) == 0) __atomic_fetch_add(&count, 1, __ATOMIC_SEQ_CST);
  return unused;
}

int main(void) {
  unsigned guards[2] = {0, 0};
  __sanitizer_cov_trace_pc_guard_init(guards, guards + 2);
  if (pipe(ends) != 0 || syscall(SYS_write, ends[1], "hello", 5) != 5) return 1;
  pthread_t thread;
  pthread_create(&thread, 0, reader, 0);
  await(1);
  if (!RACY) pthread_join(thread, 0);
  const char first = buffer[0];
  if (RACY) pthread_join(thread, 0);
  pthread_create(&thread, 0, counter, 0);
  for (int i = 0; i < 10; ++i) {
    __sanitizer_syscall_pre_impl_fork();
    const long child = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
    __sanitizer_syscall_post_impl_fork(child);
    if (child == 0) {
      __atomic_fetch_add(&count, 1, __ATOMIC_SEQ_CST);
      _exit(0);
    }
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child || status != 0) return 1;
  }
  __atomic_store_n(&is_over, 1, __ATOMIC_SEQ_CST);
  pthread_join(thread, 0);
  return first != 'h';
}
