// EXPECT: rule=destroy-while-held grade=proven threads=1 kinds=mutex
#include <sys/mman.h>

#include "support.h"

int main(void) {
  pthread_mutex_t* mutex = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK_THAT(mutex != MAP_FAILED);
  CHECK(pthread_mutex_init(mutex, NULL));
  CHECK(pthread_mutex_lock(mutex));
  CHECK_SYSTEM(munmap(mutex, 4096));
  puts("unmapped");
  return 0;
}
