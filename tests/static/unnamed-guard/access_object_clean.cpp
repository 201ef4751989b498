// An object that locks for one access, used by ->.
// FLAGS: -std=c++20
#include <mutex>

struct Data {
  int value = 0;
  void set(int next) { value = next; }
};

class Guarded {
 public:
  class Access {
   public:
    explicit Access(Guarded& guarded) : lock_(guarded.mutex_), data_(guarded.data_) {}
    Data* operator->() { return &data_; }

   private:
    std::lock_guard<std::mutex> lock_;
    Data& data_;
  };
  Access access() { return Access(*this); }

 private:
  std::mutex mutex_;
  Data data_;
};

void update(Guarded& guarded) {
  guarded.access()->set(5);
}
