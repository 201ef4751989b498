// A class that only passes on: whoever calls it tests.
#include <pthread.h>

class Condition {
 public:
  explicit Condition(pthread_mutex_t& mutex) : mutex_(mutex) { pthread_cond_init(&native_, nullptr); }
  void wait() { pthread_cond_wait(&native_, &mutex_); }
  void signal() { pthread_cond_signal(&native_); }

 private:
  pthread_mutex_t& mutex_;
  pthread_cond_t native_;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool full;

void fill(Condition& emptied) {
  pthread_mutex_lock(&lock);
  while (full) emptied.wait();
  full = true;
  pthread_mutex_unlock(&lock);
}

void empty(Condition& emptied) {
  pthread_mutex_lock(&lock);
  full = false;
  emptied.signal();
  pthread_mutex_unlock(&lock);
}
