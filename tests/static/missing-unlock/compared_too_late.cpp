// The way out for an object and itself comes behind the lock.
#include <mutex>

struct Stream {
  std::mutex mutex;
  int used = 0;
};

bool reset(Stream& stream, const Stream& keep) {
  stream.mutex.lock();
  if (stream.used > 100) {
    stream.mutex.unlock();
    return false;
  }
  if (&stream == &keep) return false;  // EXPECT: missing-unlock "stream"
  stream.used = 0;
  stream.mutex.unlock();
  return true;
}
