// POSIX semaphores: used as a lock, and as a signal that a thread gives itself.
#include <semaphore.h>

#include "worker.h"

namespace {

sem_t semaphore;

void pair() {
  bench::become_threaded();
  sem_init(&semaphore, 0, 1);
  bench::measure(12, 60'000, [](long count) {
    for (long i = 0; i < count; ++i) {
      sem_wait(&semaphore);
      sem_post(&semaphore);
    }
  });
}

// Posted first: nobody holds it, as in a queue's count of items.
void signal() {
  bench::become_threaded();
  sem_init(&semaphore, 0, 0);
  bench::measure(12, 60'000, [](long count) {
    for (long i = 0; i < count; ++i) {
      sem_post(&semaphore);
      sem_wait(&semaphore);
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_case(argc, argv, {{"lock", pair}, {"signal", signal}});
}
