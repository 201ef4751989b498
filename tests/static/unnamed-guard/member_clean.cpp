// The guard is a member of an object that has a name.
#include <mutex>

class Transaction {
 public:
  explicit Transaction(std::mutex& mutex) : lock_(mutex) {}

 private:
  std::unique_lock<std::mutex> lock_;
};

static std::mutex mutex;

void update(int& value) {
  Transaction transaction(mutex);
  ++value;
}
