// release() ends the guard's care, and one path forgets the lock then.
#include <mutex>

static std::mutex mutex;
static int state;

bool advance(int to) {
  std::unique_lock<std::mutex> lock(mutex);
  if (to == state) return false;
  std::mutex* taken = lock.release();
  if (to > state + 1) return false;  // EXPECT: missing-unlock
  state = to;
  taken->unlock();
  return true;
}
