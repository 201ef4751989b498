#include "analyzer/predict/closure.h"

#include <algorithm>

namespace gordian::predict {

Closure::Closure(const Dependencies& dependencies)
    : dependencies_(dependencies),
      counts_(dependencies.thread_count()),
      followed_(dependencies.thread_count()),
      is_waiting_(dependencies.thread_count()),
      locks_(dependencies.lock_count()),
      history_(dependencies.resource_count()) {}

void Closure::reset() {
  for (const uint32_t thread : touched_threads_) counts_[thread] = followed_[thread] = 0;
  for (const uint32_t lock : touched_locks_) locks_[lock] = {};
  for (const uint32_t resource : touched_resources_) history_[resource] = 0;
  touched_threads_.clear();
  touched_locks_.clear();
  touched_resources_.clear();
  impossible_ = false;
}

void Closure::include(uint32_t thread, uint32_t count) {
  want(thread, count);
  while (!work_.empty()) {
    const uint32_t next = work_.back();
    work_.pop_back();
    is_waiting_[next] = false;
    follow(next);
  }
}

void Closure::bring(uint32_t thread, uint32_t position) {
  if (const Prefix creation = dependencies_.creation_for(thread, position); creation.thread != kNone)
    include(creation.thread, creation.count);
  include(thread, position);
}

void Closure::want(uint32_t thread, uint32_t count) {
  if (counts_[thread] >= count) return;
  if (counts_[thread] == 0) touched_threads_.push_back(thread);
  counts_[thread] = count;
  if (is_waiting_[thread]) return;
  is_waiting_[thread] = true;
  work_.push_back(thread);
}

// What a need wants of this same thread only raises its count, which the loop looks at each time.
void Closure::follow(uint32_t thread) {
  const std::span<const Need> needs = dependencies_.needs_of(thread);
  uint32_t& next = followed_[thread];
  while (next < needs.size() && needs[next].position < counts_[thread]) {
    const Need& need = needs[next++];
    ++steps_;
    switch (need.kind) {
      case Need::Kind::kPrefix:
        want(need.a, need.b);
        break;
      case Need::Kind::kLock:
        acquire(need.a);
        break;
      case Need::Kind::kHistory:
        follow_history(need.a, need.b);
        break;
    }
  }
}

// A new acquisition of the set closes the earlier ones that it excludes, and is closed by a later one.
void Closure::acquire(uint32_t number) {
  const Acquisition& acquisition = dependencies_.acquisitions()[number];
  Lock& lock = locks_[acquisition.lock];
  if (lock.last == 0) touched_locks_.push_back(acquisition.lock);
  const uint32_t rival = acquisition.shared ? lock.last_exclusive : lock.last;
  const bool is_closed = rival > number;
  lock.last = std::max(lock.last, number + 1);
  if (!acquisition.shared) lock.last_exclusive = std::max(lock.last_exclusive, number + 1);

  if (lock.open_exclusive != kNone && lock.open_exclusive < number) {
    close(lock.open_exclusive);
    lock.open_exclusive = kNone;
  }
  while (!acquisition.shared && !lock.open_shared.empty() && lock.open_shared.top() < number) {
    close(lock.open_shared.top());
    lock.open_shared.pop();
  }
  if (is_closed) {
    close(number);
  } else if (acquisition.shared) {
    lock.open_shared.push(number);
  } else {
    lock.open_exclusive = number;
  }
}

void Closure::close(uint32_t number) {
  const Acquisition& acquisition = dependencies_.acquisitions()[number];
  if (acquisition.release == kNone) {
    impossible_ = true;
  } else {
    want(acquisition.thread, acquisition.release + 1);
  }
}

void Closure::follow_history(uint32_t resource, uint32_t count) {
  uint32_t& done = history_[resource];
  if (done == 0 && count != 0) touched_resources_.push_back(resource);
  const std::span<const Prefix> history = dependencies_.history_of(resource);
  for (; done < count; ++done) want(history[done].thread, history[done].count);
}

}  // namespace gordian::predict
