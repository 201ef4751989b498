// Each instantiation has a static mutex of its own.
#include <mutex>

template <typename Item>
struct Pool {
  static inline std::mutex mutex;
  static inline int used = 0;
  static void take() {
    std::lock_guard<std::mutex> hold(mutex);
    ++used;
  }
};

struct Page;
struct Block;

void take_block() {
  std::lock_guard<std::mutex> hold(Pool<Block>::mutex);
  ++Pool<Block>::used;
  Pool<Page>::take();
}
