// A class that is given a mutex and does not lock it is no guard.
#include <mutex>

class Registration {
 public:
  explicit Registration(std::mutex& mutex) { last_ = &mutex; }
  static std::mutex* last() { return last_; }

 private:
  static thread_local std::mutex* last_;
};

thread_local std::mutex* Registration::last_;
static std::mutex mutex;

void enroll() {
  Registration{mutex};
}
