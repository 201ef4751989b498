// A guard class of the project's own.
// FLAGS: -std=c++11
#include <pthread.h>

class Section {
 public:
  explicit Section(pthread_mutex_t* mutex) : mutex_(mutex) { pthread_mutex_lock(mutex_); }
  ~Section() { pthread_mutex_unlock(mutex_); }

 private:
  pthread_mutex_t* mutex_;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void update(int& value) {
  Section{&lock};  // EXPECT: unnamed-guard
  ++value;
}
