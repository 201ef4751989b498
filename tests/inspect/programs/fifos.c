// INSPECT: rule=deadlock grade=inferred threads=2 kinds=pipe,pipe names=one,other processes=2
// INSPECT[unlinked]: rule=deadlock grade=proven threads=2 kinds=pipe,pipe processes=2
// Parent and child each read from the fifo that the other would write to. As long as a fifo has its name,
// anybody may come and write to it. They are in the working directory.
#include <sys/stat.h>

#include "family.h"

static int one, other;

static void read_other(void) {
  char byte;
  CHECK_SYSTEM(read(other, &byte, 1));
}

static int open_fifo(const char* name) {
  CHECK_SYSTEM(mkfifo(name, 0600));
  return (int)CHECK_SYSTEM(open(name, O_RDWR));
}

static int reopen(int descriptor, int how) {
  char path[64];
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  return (int)CHECK_SYSTEM(open(path, how));
}

int main(int count, char** values) {
  take_arguments(count, values);
  const int first = open_fifo("one");
  const int second = open_fifo("other");
  // The parent writes to `other` and reads from `one`; the child does the opposite.
  const int to_one = reopen(first, O_WRONLY);
  const int to_other = reopen(second, O_WRONLY);
  one = reopen(first, O_RDONLY);
  other = reopen(second, O_RDONLY);
  close(first);
  close(second);
  if (variant("unlinked")) {
    CHECK_SYSTEM(unlink("one"));
    CHECK_SYSTEM(unlink("other"));
  }
  const pid_t pid = fork();
  CHECK_SYSTEM(pid);
  if (pid == 0) {
    close(to_other);
    close(one);
    read_other();
    _exit(0);
  }
  close(to_one);
  close(other);
  char byte;
  CHECK_SYSTEM(read(one, &byte, 1));
  return 0;
}
