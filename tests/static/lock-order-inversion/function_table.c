// A table of operations is called under a lock; one operation takes another lock.
#include <pthread.h>
#include <stddef.h>

struct driver_ops {
  int (*open)(int number);
  int (*close)(int number);
};

static pthread_mutex_t bus_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t port_lock = PTHREAD_MUTEX_INITIALIZER;

static int serial_open(int number) {
  pthread_mutex_lock(&port_lock);  // EXPECT: lock-order-inversion
  pthread_mutex_unlock(&port_lock);
  return number;
}

static int serial_close(int number) {
  return number;
}

static const struct driver_ops serial = {.open = serial_open, .close = serial_close};
static const struct driver_ops* const drivers[] = {&serial, NULL};

int bus_open(int driver, int number) {
  pthread_mutex_lock(&bus_lock);
  int result = drivers[driver]->open(number);
  pthread_mutex_unlock(&bus_lock);
  return result;
}

void port_reset(void) {
  pthread_mutex_lock(&port_lock);
  pthread_mutex_lock(&bus_lock);  // EXPECT: lock-order-inversion
  pthread_mutex_unlock(&bus_lock);
  pthread_mutex_unlock(&port_lock);
}
