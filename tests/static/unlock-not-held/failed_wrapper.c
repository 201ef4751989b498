// The wrapper failed, and its caller releases all the same.
#include <pthread.h>

struct device {
  pthread_mutex_t lock;
  int open;
};

static int device_enter(struct device* device) {
  pthread_mutex_lock(&device->lock);
  if (device->open) return 0;
  pthread_mutex_unlock(&device->lock);
  return -1;
}

int device_close(struct device* device) {
  int result = device_enter(device);
  if (result == 0) device->open = 0;
  pthread_mutex_unlock(&device->lock);  // EXPECT: unlock-not-held
  return result;
}
