// The guard of an inner block takes what the outer guard holds.
#include <mutex>

static std::mutex table_mutex;
static int rows, changed;

void insert(bool notify) {
  std::scoped_lock hold(table_mutex);
  ++rows;
  if (notify) {
    std::scoped_lock again(table_mutex);  // EXPECT: double-lock
    ++changed;
  }
}
