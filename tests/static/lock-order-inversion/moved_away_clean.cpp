// A unique_lock that was moved into a callee is no longer held when the callee is back.
#include <mutex>
#include <utility>

std::mutex tasks, results;
static int open_tasks;

static void finish(std::unique_lock<std::mutex> lock) {
  --open_tasks;
  lock.unlock();
}

void complete() {
  std::unique_lock<std::mutex> lock(tasks);
  finish(std::move(lock));
  std::lock_guard<std::mutex> hold(results);
}

void collect() {
  std::lock_guard<std::mutex> hold(results);
  std::lock_guard<std::mutex> inner(tasks);
  ++open_tasks;
}
