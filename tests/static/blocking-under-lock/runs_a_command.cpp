// system() waits for a whole process.
#include <cstdlib>
#include <mutex>

class Archive {
 public:
  bool compress() {
    std::scoped_lock hold(mutex_);
    ++runs_;
    return std::system("gzip archive") == 0;  // EXPECT: blocking-under-lock
  }

 private:
  std::mutex mutex_;
  int runs_ = 0;
};

bool compress(Archive& archive) {
  return archive.compress();
}
