// The recursive lock is already held when it is asked for behind the other: that cannot block.
// FLAGS: -std=c++20
#include <mutex>

class Editor {
 public:
  void type() {
    std::lock_guard hold(document_);
    std::lock_guard inner(view_);
    scroll();
  }

 private:
  void scroll() {
    std::lock_guard hold(document_);
    ++line_;
  }
  std::recursive_mutex document_;
  std::mutex view_;
  int line_ = 0;
};

void press(Editor& editor) {
  editor.type();
}
