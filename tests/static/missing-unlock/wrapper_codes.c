// The lock is taken and released by wrappers.
#include <pthread.h>

struct device {
  pthread_mutex_t lock;
  int ready;
  int value;
};

static int device_enter(struct device* device) {
  if (pthread_mutex_lock(&device->lock) != 0) return -1;
  return 0;
}

static void device_leave(struct device* device) {
  pthread_mutex_unlock(&device->lock);
}

int device_read(struct device* device, int* value) {
  if (device_enter(device) != 0) return -1;
  if (!device->ready) return -2;  // EXPECT: missing-unlock
  *value = device->value;
  device_leave(device);
  return 0;
}
