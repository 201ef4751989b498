// The first lock is given back before the second is taken.
#include <mutex>

std::mutex inbox, outbox;
static int waiting, sent;

void forward() {
  int count;
  {
    std::lock_guard<std::mutex> hold(inbox);
    count = waiting;
    waiting = 0;
  }
  std::lock_guard<std::mutex> hold(outbox);
  sent += count;
}

void bounce() {
  std::unique_lock<std::mutex> out(outbox);
  int count = sent;
  out.unlock();
  std::lock_guard<std::mutex> in(inbox);
  waiting += count;
}
