// posix_spawn, system and popen in a program with threads.
#include <spawn.h>
#include <sys/wait.h>

#include "support.h"

extern char** environ;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void* spawn_some(void* argument) {
  for (int i = 0; i < 5; ++i) {
    CHECK(pthread_mutex_lock(&lock));
    pid_t child;
    char* arguments[] = {"true", NULL};
    CHECK(posix_spawn(&child, "/bin/true", NULL, NULL, arguments, environ));
    CHECK(pthread_mutex_unlock(&lock));
    int status;
    CHECK_SYSTEM(waitpid(child, &status, 0));
    CHECK_THAT(status == 0);
  }
  return argument;
}

int main(void) {
  pthread_t a = start(spawn_some, NULL);
  pthread_t b = start(spawn_some, NULL);
  join(a);
  join(b);
  CHECK_THAT(system("exit 3") >> 8 == 3);
  FILE* pipe = popen("echo from the shell", "r");
  CHECK_THAT(pipe != NULL);
  char line[64];
  CHECK_THAT(fgets(line, sizeof(line), pipe) != NULL);
  CHECK_THAT(pclose(pipe) == 0);
  fputs(line, stdout);
  return 0;
}
