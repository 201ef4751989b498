// dlopen of a library whose constructor starts threads and takes locks; dlclose joins them again.
#include <dlfcn.h>

#include "support.h"

int main(void) {
  char path[4096];
  ssize_t length = CHECK_SYSTEM(readlink("/proc/self/exe", path, sizeof(path) - 64));
  path[length] = '\0';
  strcpy(strrchr(path, '/') + 1, "thread_starter.so");
  for (int i = 0; i < 3; ++i) {
    void* library = dlopen(path, RTLD_NOW);
    if (library == NULL) puts(dlerror());
    CHECK_THAT(library != NULL);
    int (*total)(void) = (int (*)(void))dlsym(library, "thread_starter_total");
    CHECK_THAT(total != NULL && total() >= 0);
    CHECK_THAT(dlclose(library) == 0);
  }
  puts("loaded and unloaded");
  return 0;
}
