// A semaphore is tried under a lock.
#include <pthread.h>
#include <semaphore.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sem_t free_slots;
static int used;

int setup(unsigned slots) {
  return sem_init(&free_slots, 0, slots);
}

int take_slot(void) {
  int result = -1;
  pthread_mutex_lock(&lock);
  if (sem_trywait(&free_slots) == 0) {
    used++;
    result = 0;
  }
  pthread_mutex_unlock(&lock);
  return result;
}

void give_slot(void) {
  pthread_mutex_lock(&lock);
  used--;
  sem_post(&free_slots);
  pthread_mutex_unlock(&lock);
}
