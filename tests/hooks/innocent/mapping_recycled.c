// A lock in a mapping that is given back and mapped again at the same address; nobody destroys or initialises
// it.
#include "support.h"

#include <sys/mman.h>

static pthread_mutex_t registry = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t* mapped;
static int gate;
static int second_is_there;
static int second_is_done;

static void* map_page(void* at) {
  const int flags = MAP_PRIVATE | MAP_ANONYMOUS | (at != NULL ? MAP_FIXED_NOREPLACE : 0);
  void* page = mmap(at, 4096, PROT_READ | PROT_WRITE, flags, -1, 0);
  CHECK_THAT(page != MAP_FAILED && (at == NULL || page == at));
  return page;
}

static void take_both(pthread_mutex_t* first, pthread_mutex_t* second) {
  CHECK(pthread_mutex_lock(first));
  CHECK(pthread_mutex_lock(second));
  CHECK(pthread_mutex_unlock(second));
  CHECK(pthread_mutex_unlock(first));
}

// A page of zeros is a mutex as PTHREAD_MUTEX_INITIALIZER makes it.
static void* owner(void* argument) {
  meet(&gate, 2);
  mapped = (pthread_mutex_t*)map_page(NULL);
  take_both(mapped, &registry);
  CHECK_SYSTEM(munmap(mapped, 4096));
  CHECK_THAT(map_page(mapped) == mapped);
  raise_flag(&second_is_there);
  await_flag(&second_is_done);
  return argument;
}

static void* sweeper(void* argument) {
  meet(&gate, 2);
  await_flag(&second_is_there);
  take_both(&registry, mapped);
  raise_flag(&second_is_done);
  return argument;
}

int main(void) {
  pthread_t a = start(owner, NULL);
  pthread_t b = start(sweeper, NULL);
  join(a);
  join(b);
  return 0;
}
