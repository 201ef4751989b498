// A class of the project's own that locks in its constructor and unlocks in its destructor.
// FLAGS: -std=c++14
#include <pthread.h>

class Mutex {
 public:
  void enter() { pthread_mutex_lock(&native_); }
  void leave() { pthread_mutex_unlock(&native_); }

 private:
  pthread_mutex_t native_ = PTHREAD_MUTEX_INITIALIZER;
};

class Section {
 public:
  explicit Section(Mutex& mutex) : mutex_(mutex) { mutex_.enter(); }
  ~Section() { mutex_.leave(); }
  Section(const Section&) = delete;

 private:
  Mutex& mutex_;
};

Mutex scene, textures;

void render() {
  Section outer(scene);
  Section inner(textures);  // EXPECT: lock-order-inversion
}

void reload() {
  Section outer(textures);
  Section inner(scene);  // EXPECT: lock-order-inversion
}
