// Locked in the constructor, unlocked in the destructor or before by finish().
#include <mutex>

static std::mutex mutex;
static int edits;

class Edit {
 public:
  explicit Edit(bool quick) : quick_(quick) {
    mutex.lock();
    ++edits;
    if (quick_) {
      mutex.unlock();
      held_ = false;
    }
  }
  ~Edit() {
    if (held_) mutex.unlock();
  }

 private:
  const bool quick_;
  bool held_ = true;
};

void edit(bool quick) {
  Edit once(quick);
}
