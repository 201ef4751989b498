// RACE: ~Log, worker
// The destructor of a static object comes after its constructor, whichever thread that was; not after more
// than that.
#include <pthread.h>

#include "turns.h"

struct Log {
  int lines = 1;
  ~Log() { last = lines; }
  static volatile int last;
};
volatile int Log::last;

static void* worker(void* unused) {
  static Log log;
  if (RACY) __atomic_signal_fence(__ATOMIC_SEQ_CST), log.lines += 1;
  step(1);
  return unused;
}

int main() {
  pthread_t thread;
  pthread_create(&thread, nullptr, worker, nullptr);
  pthread_detach(thread);
  await(1);
  return 0;
}
