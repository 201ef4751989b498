// RACE: result, look_up
// Threads load a library, call it and unload it again.
#include <dlfcn.h>
#include <pthread.h>

#include "turns.h"

static double result;
static int failed;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void* look_up(void* order) {
  double found = 0;
  for (int i = 0; i < 50; ++i) {
    void* library = dlopen("libresolv.so.2", RTLD_NOW);
    double (*call)(const char*) = library ? (double (*)(const char*))dlsym(library, "__b64_ntop") : 0;
    if (call == 0) __atomic_store_n(&failed, 1, __ATOMIC_RELAXED);
    if (library) dlclose(library);
    found += 1;
  }
  await((long)order);
  if (!RACY) pthread_mutex_lock(&lock);
  result += found;
  if (!RACY) pthread_mutex_unlock(&lock);
  step((long)order + 1);
  await(3);
  return 0;
}

int main(void) {
  pthread_t threads[2];
  for (long i = 0; i < 2; ++i) pthread_create(&threads[i], 0, look_up, (void*)(i + 1));
  step(1);
  for (int i = 0; i < 2; ++i) pthread_join(threads[i], 0);
  return !failed && result == 100 ? 0 : 1;
}
