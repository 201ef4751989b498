#include "analyzer/predict/abstract_acquires.h"

#include <algorithm>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace gordian::predict {
namespace {

class Collector {
 public:
  explicit Collector(const Trace& trace) : trace_(trace), threads_(trace.threads.size()) {}

  AbstractAcquires collect() {
    for (const Event& event : trace_.events) {
      Thread& thread = threads_[event.thread];
      look_at(event, thread);
      ++thread.position;
    }
    for (uint32_t number = 0; number < threads_.size(); ++number) {
      Thread& thread = threads_[number];
      if (thread.asked && !thread.held.empty()) {
        thread.held_set = set_of(thread);
        add(number, thread, *thread.asked);
      }
    }
    return std::move(result_);
  }

 private:
  struct Asked {
    HeldLock wants;
    Instance instance;
  };
  struct Thread {
    uint32_t position = 0;
    std::vector<HeldLock> held;
    uint32_t held_set = kNone;   // number of `held` as a lock set; kNone: to be looked up
    std::optional<Asked> asked;  // for which it had nothing yet
  };

  void look_at(const Event& event, Thread& thread);
  void add(uint32_t number, const Thread& thread, const Asked& asked);
  uint32_t set_of(const Thread& thread);

  struct KeyHash {
    size_t operator()(const std::pair<uint64_t, uint64_t>& key) const {
      return std::hash<uint64_t>{}(key.first * 0x9e3779b97f4a7c15 ^ key.second);
    }
  };

  const Trace& trace_;
  std::vector<Thread> threads_;
  AbstractAcquires result_;
  std::map<std::vector<HeldLock>, uint32_t> sets_;
  // thread and lock; held set and mode
  std::unordered_map<std::pair<uint64_t, uint64_t>, uint32_t, KeyHash> numbers_;
};

void Collector::look_at(const Event& event, Thread& thread) {
  const HeldLock lock{event.operand, (event.flags & kShared) != 0};
  const Asked asked{lock, {thread.position, event.site}};
  const bool can_block = (event.flags & kCannotBlock) == 0;
  switch (event.op) {
    case Op::kRequest:
      if (can_block) thread.asked = asked;
      break;
    case Op::kAcquire:
      if (can_block && !thread.held.empty()) {
        thread.held_set = set_of(thread);
        add(event.thread, thread, asked);
      }
      thread.asked.reset();
      thread.held.push_back(lock);
      thread.held_set = kNone;
      break;
    case Op::kRelease:
      std::erase(thread.held, lock);
      thread.held_set = kNone;
      thread.asked.reset();
      break;
    default:
      // Whoever goes on without it no longer asks.
      thread.asked.reset();
      break;
  }
}

uint32_t Collector::set_of(const Thread& thread) {
  if (thread.held_set != kNone) return thread.held_set;
  std::vector<HeldLock> sorted = thread.held;
  std::ranges::sort(sorted);
  const auto [place, added] = sets_.try_emplace(sorted, static_cast<uint32_t>(result_.lock_sets.size()));
  if (added) result_.lock_sets.push_back(std::move(sorted));
  return place->second;
}

void Collector::add(uint32_t number, const Thread& thread, const Asked& asked) {
  const uint32_t held = thread.held_set;
  const std::pair<uint64_t, uint64_t> key{uint64_t{number} << 32 | asked.wants.lock,
                                          uint64_t{held} << 1 | (asked.wants.shared ? 1 : 0)};
  const auto [place, added] = numbers_.try_emplace(key, static_cast<uint32_t>(result_.acquires.size()));
  if (added) result_.acquires.push_back({.thread = number, .wants = asked.wants, .held = held});
  result_.acquires[place->second].instances.push_back(asked.instance);
  ++result_.instance_count;
}

}  // namespace

AbstractAcquires collect_abstract_acquires(const Trace& trace) {
  return Collector(trace).collect();
}

}  // namespace gordian::predict
