// Two elements of an array of locks, next to each other.
#include <pthread.h>

struct cell {
  pthread_mutex_t lock;
  int value;
};

extern struct cell cells[100];

void diffuse(int i) {
  pthread_mutex_lock(&cells[i].lock);
  pthread_mutex_lock(&cells[i + 1].lock);
  int half = (cells[i].value + cells[i + 1].value) / 2;
  cells[i].value = half;
  cells[i + 1].value = half;
  pthread_mutex_unlock(&cells[i + 1].lock);
  pthread_mutex_unlock(&cells[i].lock);
}
