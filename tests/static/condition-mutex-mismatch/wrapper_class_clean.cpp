// A class keeps a reference to the one mutex that it is used with.
#include <pthread.h>

class Condition {
 public:
  explicit Condition(pthread_mutex_t& mutex) : mutex_(mutex) { pthread_cond_init(&native_, nullptr); }
  void wait() { pthread_cond_wait(&native_, &mutex_); }

 private:
  pthread_mutex_t& mutex_;
  pthread_cond_t native_;
};

class Store {
 public:
  void await_full() {
    pthread_mutex_lock(&mutex_);
    while (!full_) changed_.wait();
    pthread_mutex_unlock(&mutex_);
  }
  void await_empty() {
    pthread_mutex_lock(&mutex_);
    while (full_) changed_.wait();
    pthread_mutex_unlock(&mutex_);
  }

 private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  Condition changed_{mutex_};
  bool full_ = false;
};

void cycle(Store& store) {
  store.await_full();
  store.await_empty();
}
