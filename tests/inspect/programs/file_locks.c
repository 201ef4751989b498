// INSPECT: rule=deadlock grade=proven threads=2 kinds=file lock,file lock processes=2
// INSPECT[ofd]: rule=deadlock grade=proven threads=2 kinds=file lock,file lock processes=2
// INSPECT[mixed]: rule=deadlock grade=proven threads=2 kinds=file lock,file lock processes=2
// INSPECT[inherited]: nothing
// Parent and child lock two files of the working directory in opposite order.
#include <sys/file.h>

#include "family.h"

static char left[] = "left-XXXXXX";
static char right[] = "right-XXXXXX";
static int* gates;

static int lock(const char* path, int with_flock) {
  const int file = (int)CHECK_SYSTEM(open(path, O_RDWR));
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
  if (with_flock)
    CHECK_SYSTEM(flock(file, LOCK_EX));
  else
    CHECK_SYSTEM(fcntl(file, variant("mixed") ? F_SETLKW : F_OFD_SETLKW, &whole));
  return file;
}

static void keep(void) {
  raise_flag(&gates[1]);
  pass_time(1000000);
}

static int left_with_flock(void) {
  return !variant("ofd");
}
static int right_with_flock(void) {
  return !variant("ofd") && !variant("mixed");
}

static void right_then_left(void) {
  lock(right, right_with_flock());
  meet(&gates[0], 2);
  lock(left, left_with_flock());
}

int main(int count, char** values) {
  take_arguments(count, values);
  gates = shared_by_all(2 * sizeof *gates);
  close((int)CHECK_SYSTEM(mkstemp(left)));
  close((int)CHECK_SYSTEM(mkstemp(right)));
  child(right_then_left);
  lock(left, left_with_flock());
  // Whoever has the open file may unlock it, too.
  if (variant("inherited")) {
    child(keep);
    await_flag(&gates[1]);
  }
  meet(&gates[0], 2);
  lock(right, right_with_flock());
  return 0;
}
