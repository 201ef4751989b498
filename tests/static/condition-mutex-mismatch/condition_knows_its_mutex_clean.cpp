// A condition class keeps a pointer to its mutex: waited on through it, and by hand with the same one.
// FLAGS: -std=c++17
#include <pthread.h>

class Condition {
 public:
  explicit Condition(pthread_mutex_t* mutex) : mutex_(mutex) { pthread_cond_init(&condition_, nullptr); }
  ~Condition() { pthread_cond_destroy(&condition_); }
  void wait() { pthread_cond_wait(&condition_, mutex_); }
  pthread_cond_t condition_;

 private:
  pthread_mutex_t* mutex_;
};

class Limiter {
 public:
  void drain() {
    pthread_mutex_lock(&mutex_);
    while (credit_ > 0) full_.wait();
    pthread_mutex_unlock(&mutex_);
  }
  void request() {
    pthread_mutex_lock(&mutex_);
    while (credit_ == 0) pthread_cond_wait(&full_.condition_, &mutex_);
    --credit_;
    pthread_mutex_unlock(&mutex_);
  }

 private:
  pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
  Condition full_{&mutex_};
  int credit_ = 0;
};

void use(Limiter& limiter) {
  limiter.request();
  limiter.drain();
}
