// The locks come from functions that return them.
// FLAGS: -std=c++20
#include <mutex>

class Document {
 public:
  [[nodiscard]] std::unique_lock<std::mutex> edit() { return std::unique_lock<std::mutex>(mutex_); }

 private:
  std::mutex mutex_;
};

class Clipboard {
 public:
  [[nodiscard]] std::unique_lock<std::mutex> open() {
    std::unique_lock<std::mutex> lock(mutex_);
    return lock;
  }

 private:
  std::mutex mutex_;
};

void copy(Document& document, Clipboard& clipboard) {
  auto reading = document.edit();
  auto writing = clipboard.open();  // EXPECT: lock-order-inversion
}

void paste(Document& document, Clipboard& clipboard) {
  auto reading = clipboard.open();
  auto writing = document.edit();  // EXPECT: lock-order-inversion
}
