// A member condition with the object's mutex here and a global one there.
// FLAGS: -std=c++20
#include <condition_variable>
#include <mutex>

static std::mutex registry_mutex;
static int registered;

class Client {
 public:
  void await_reply() {
    std::unique_lock lock(mutex_);
    while (!replied_) changed_.wait(lock);  // EXPECT: condition-mutex-mismatch
  }
  void await_registration() {
    std::unique_lock lock(registry_mutex);
    while (registered == 0) changed_.wait(lock);  // EXPECT: condition-mutex-mismatch
  }
  void reply() {
    std::lock_guard lock(mutex_);
    replied_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool replied_ = false;
};

void talk(Client& client) {
  client.await_registration();
  client.await_reply();
  client.reply();
}
