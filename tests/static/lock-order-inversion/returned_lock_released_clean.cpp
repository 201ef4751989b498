// The lock that a function returns dies with the statement that uses it.
// FLAGS: -std=c++20
#include <mutex>

class Document {
 public:
  [[nodiscard]] std::unique_lock<std::mutex> edit() { return std::unique_lock<std::mutex>(mutex_); }

 private:
  std::mutex mutex_;
};

static bool writable(const std::unique_lock<std::mutex>& lock) {
  return lock.owns_lock();
}

static std::mutex clipboard;

bool copy(Document& document) {
  bool result = writable(document.edit());
  std::lock_guard<std::mutex> hold(clipboard);
  return result;
}

void paste(Document& document) {
  std::lock_guard<std::mutex> hold(clipboard);
  auto editing = document.edit();
}
