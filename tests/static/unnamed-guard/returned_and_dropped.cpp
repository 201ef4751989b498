// The function returns the lock, and nobody keeps it.
#include <mutex>

class Document {
 public:
  std::unique_lock<std::mutex> edit() { return std::unique_lock<std::mutex>(mutex_); }
  void write(int text) { text_ = text; }

 private:
  std::mutex mutex_;
  int text_ = 0;
};

void change(int text) {
  Document document;
  document.edit();  // EXPECT: unnamed-guard
  document.write(text);
}
