// A C program loads a C++ plug-in that has its standard library inside it: its static initialisers come by
// us, and what they were meant to call is nowhere else.
#include <dlfcn.h>
#include <libgen.h>

#include "support.h"

static int (*next)(void);

static void* call(void* argument) {
  for (int i = 0; i < 100; ++i) CHECK_THAT(next() == 42);
  return argument;
}

int main(int count, char** arguments) {
  char path[4096];
  CHECK_THAT(count >= 1 && strlen(arguments[0]) < 4000);
  snprintf(path, sizeof(path), "%s/static_library_inside.so", dirname(arguments[0]));
  void* plug_in = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (plug_in == NULL) fail(dlerror(), __FILE__, __LINE__, 0);
  next = (int (*)(void))dlsym(plug_in, "next");
  pthread_t threads[4];
  for (int i = 0; i < 4; ++i) threads[i] = start(call, NULL);
  for (int i = 0; i < 4; ++i) join(threads[i]);
  puts("done");
  return 0;
}
