// Builds snapshots for tests in the words of the field: who holds what, who waits for what.
#pragma once

#include <algorithm>

#include "analyzer/model/snapshot.h"

namespace gordian::test {

using model::ResourceKey;
using model::ResourceKind;

inline ResourceKey mutex(uint64_t n) {
  return {ResourceKind::kMutex, 0x1000 + n * 0x100};
}
inline ResourceKey rwlock(uint64_t n) {
  return {ResourceKind::kRwlock, 0x10000 + n * 0x100};
}
inline ResourceKey semaphore(uint64_t n) {
  return {ResourceKind::kSemaphore, 0x20000 + n * 0x100};
}
inline ResourceKey condition(uint64_t n) {
  return {ResourceKind::kCondition, 0x30000 + n * 0x100};
}
inline ResourceKey barrier(uint64_t n) {
  return {ResourceKind::kBarrier, 0x40000 + n * 0x100};
}
inline ResourceKey end_of(uint32_t serial) {
  return {ResourceKind::kThread, serial};
}

class Scenario {
 public:
  // Threads get the serials 1, 2, ... in the order in which they are added.
  Scenario& thread() {
    model::Thread thread;
    thread.serial = static_cast<uint32_t>(snapshot_.threads.size()) + 1;
    thread.slot = thread.serial - 1;
    thread.tid = 100 + thread.serial;
    snapshot_.threads.push_back(thread);
    return *this;
  }
  Scenario& holds(ResourceKey key, bool shared = false) {
    model::Hold hold;
    hold.resource = key;
    hold.shared = shared;
    last().holds.push_back(hold);
    return *this;
  }
  Scenario& reads(ResourceKey key) { return holds(key, true); }
  Scenario& waits(ResourceKey key, bool shared = false) {
    last().waiting = true;
    last().wait.resource = key;
    last().wait.shared = shared;
    last().wait.since_ns = 1000 * last().serial;
    return *this;
  }
  Scenario& waits_a_while(ResourceKey key) {
    waits(key);
    last().wait.timed = true;
    return *this;
  }
  Scenario& ended() {
    last().state = record::ThreadState::kEnded;
    return *this;
  }
  Scenario& left_behind() {
    last().state = record::ThreadState::kLeftBehindByFork;
    return *this;
  }
  Scenario& resource(model::Resource resource) {
    snapshot_.resources.push_back(std::move(resource));
    return *this;
  }
  Scenario& signalled(ResourceKey key, std::vector<uint32_t> by, uint32_t wakes = 1) {
    model::Resource resource;
    resource.key = key;
    resource.signals = static_cast<uint32_t>(by.size());
    resource.wakes = wakes;
    resource.signallers = std::move(by);
    return this->resource(std::move(resource));
  }
  // Of the thread added last; the first process is 0.
  Scenario& in_process(uint32_t process) {
    last().process = process;
    return *this;
  }
  Scenario& wakeable(uint32_t process) {
    snapshot_.wakeable.push_back(process);
    return *this;
  }
  Scenario& outside(uint32_t unknown_threads, uint32_t signal_handlers) {
    snapshot_.outside = {unknown_threads, signal_handlers};
    return *this;
  }
  Scenario& now(uint64_t ns) {
    snapshot_.now_ns = ns;
    return *this;
  }
  model::Thread& last() { return snapshot_.threads.back(); }

  const model::Snapshot& snapshot() {
    std::sort(snapshot_.resources.begin(), snapshot_.resources.end(),
              [](const auto& a, const auto& b) { return a.key < b.key; });
    return snapshot_;
  }

 private:
  model::Snapshot snapshot_;
};

}  // namespace gordian::test
