// RACE: maps
// A mapping takes the place of another thread's: what was done to that one is over.
#include <pthread.h>
#include <sys/mman.h>

#include "turns.h"

enum { kSize = 1 << 20 };
void* first_place;

static void* maps(void* place) {
  char* memory = mmap(place, kSize, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | (place ? MAP_FIXED : 0), -1, 0);
  if (memory == MAP_FAILED) return 0;
  memory[100] = 1;
  if (!place) first_place = memory;
  return memory;
}

static void* first(void* unused) {
  maps(0);
  step(1);
  return unused;
}

static void* second(void* unused) {
  await(1);
  // Nothing puts this after the first thread's end; the variable is the tests' own, past the runtime.
  volatile char* memory = read_unfollowed(&first_place);
  if (RACY)
    memory[100] = 2;
  else
    maps((void*)memory);
  return unused;
}

int main(void) {
  pthread_t one, other;
  pthread_create(&one, 0, first, 0);
  pthread_create(&other, 0, second, 0);
  pthread_join(one, 0);
  pthread_join(other, 0);
  return 0;
}
