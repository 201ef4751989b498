// Runs a program and says what it took: launch PROGRAM [ARGUMENTS]... prints the status, the microseconds of
// processor time, user and system, and the most KiB that it had resident.
//
// The kernel counts as resident what a process had before its exec, too; so a small one must start it. It
// ignores SIGTERM, which can be sent to both.
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>

int main(int, char** arguments) {
  const pid_t child = fork();
  if (child == 0) {
    const int nowhere = open("/dev/null", O_WRONLY);
    dup2(nowhere, 1);
    dup2(nowhere, 2);
    execvp(arguments[1], arguments + 1);
    _exit(127);
  }
  signal(SIGTERM, SIG_IGN);
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return 1;
  auto microseconds = [](const timeval& time) { return time.tv_sec * 1000000L + time.tv_usec; };
  std::printf("%d %ld %ld %ld\n", WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status),
              microseconds(usage.ru_utime), microseconds(usage.ru_stime), usage.ru_maxrss);
}
