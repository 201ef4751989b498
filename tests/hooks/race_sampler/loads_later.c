// The racy function is in a library that is loaded when the threads are long under way.
// EXPECT: grade=proven functions=count_late,count_late
#include <dlfcn.h>

#include "for_a_while.h"

static void (*count_late)(void);

static void* body(void* nothing) {
  while (goes_on()) {
    void (*count)(void) = __atomic_load_n(&count_late, __ATOMIC_ACQUIRE);
    if (count != NULL) count();
    spend(500);
  }
  return nothing;
}

static void* loader(void* name) {
  void* library = dlopen((const char*)name, RTLD_NOW);
  CHECK_THAT(library != NULL);
  void (*count)(void);
  *(void**)&count = dlsym(library, "count_late");
  CHECK_THAT(count != NULL);
  __atomic_store_n(&count_late, count, __ATOMIC_RELEASE);
  return body(NULL);
}

int main(int count, char** words) {
  run_for(count, words);
  // Beside the program.
  char name[4096];
  const ssize_t size = readlink("/proc/self/exe", name, sizeof name - 32);
  CHECK_THAT(size > 0);
  name[size] = 0;
  strcpy(strrchr(name, '/') + 1, "libloads_later_module.so");
  run_pair(body, loader, name);
  return 0;
}
