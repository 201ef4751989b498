// Objects go from one thread to the other by a queue with a condition; who has one uses it without a lock.
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include "for_a_while.h"

namespace {

struct Job {
  long input = 0;
  long output = 0;
};

std::mutex lock;
std::condition_variable is_filled;
std::deque<std::unique_ptr<Job>> jobs;

[[gnu::noinline]] void fill(Job& job, long i) {
  job.input = i;
  job.output = 0;
}

[[gnu::noinline]] long solve(Job& job) {
  job.output += job.input * 2;
  return job.output;
}

void* producer(void*) {
  for (long i = 0; goes_on(); ++i) {
    auto job = std::make_unique<Job>();
    fill(*job, i);
    const std::lock_guard guard(lock);
    jobs.push_back(std::move(job));
    is_filled.notify_one();
  }
  const std::lock_guard guard(lock);
  jobs.push_back(nullptr);
  is_filled.notify_one();
  return nullptr;
}

void* consumer(void*) {
  long sum = 0;
  for (;;) {
    std::unique_lock guard(lock);
    is_filled.wait(guard, [] { return !jobs.empty(); });
    const std::unique_ptr<Job> job = std::move(jobs.front());
    jobs.pop_front();
    guard.unlock();
    if (job == nullptr) return sum < 0 ? &jobs : nullptr;
    sum += solve(*job);
  }
}

}  // namespace

int main(int count, char** words) {
  run_for(count, words);
  run_pair(producer, consumer, nullptr);
  return 0;
}
