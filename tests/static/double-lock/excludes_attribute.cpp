// A function says that the lock must not be held when it is called.
#include <mutex>

#if defined(__clang__)
#define EXCLUDES(...) __attribute__((locks_excluded(__VA_ARGS__)))
#else
#define EXCLUDES(...)
#endif

extern std::mutex index_mutex;
void index_flush() EXCLUDES(index_mutex);

void index_add() {
  std::lock_guard<std::mutex> hold(index_mutex);
  index_flush();  // EXPECT: double-lock
}
