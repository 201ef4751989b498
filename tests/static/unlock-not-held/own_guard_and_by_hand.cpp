// Own guard class: released by hand and then by the destructor, which does not know.
// FLAGS: -std=c++20
#include <pthread.h>

class Section {
 public:
  explicit Section(pthread_mutex_t& mutex) : mutex_(mutex) { pthread_mutex_lock(&mutex_); }
  ~Section() { pthread_mutex_unlock(&mutex_); }  // EXPECT: unlock-not-held
  void leave() { pthread_mutex_unlock(&mutex_); }

 private:
  pthread_mutex_t& mutex_;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void step(int* counter, bool quick) {
  Section section(lock);
  ++*counter;
  if (quick) section.leave();
}
