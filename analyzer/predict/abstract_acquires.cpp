#include "analyzer/predict/abstract_acquires.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <utility>

namespace gordian::predict {
namespace {

class Collector {
 public:
  explicit Collector(const Trace& trace) : trace_(trace), held_(trace), threads_(trace.threads.size()) {}

  AbstractAcquires collect() {
    for (const Event& event : trace_.events) {
      Thread& thread = threads_[event.thread];
      look_at(event, thread);
      held_.look_at(event);
      ++thread.position;
    }
    for (uint32_t number = 0; number < threads_.size(); ++number) {
      if (threads_[number].asked && held_.holds_something(number)) add(number, *threads_[number].asked);
    }
    result_.lock_sets = held_.take();
    return std::move(result_);
  }

 private:
  struct Asked {
    HeldLock wants;
    Instance instance;
  };
  struct Thread {
    uint32_t position = 0;
    std::optional<Asked> asked;  // for which it had nothing yet
  };

  void look_at(const Event& event, Thread& thread);
  void add(uint32_t thread, const Asked& asked);

  struct KeyHash {
    size_t operator()(const std::pair<uint64_t, uint64_t>& key) const {
      return std::hash<uint64_t>{}(key.first * 0x9e3779b97f4a7c15 ^ key.second);
    }
  };

  const Trace& trace_;
  HeldSets held_;
  std::vector<Thread> threads_;
  AbstractAcquires result_;
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
      if (can_block && held_.holds_something(event.thread)) add(event.thread, asked);
      thread.asked.reset();
      break;
    default:
      // Whoever goes on without it no longer asks.
      thread.asked.reset();
      break;
  }
}

void Collector::add(uint32_t thread, const Asked& asked) {
  const uint32_t held = held_.number_of(thread);
  const std::pair<uint64_t, uint64_t> key{uint64_t{thread} << 32 | asked.wants.lock,
                                          uint64_t{held} << 1 | (asked.wants.shared ? 1 : 0)};
  const auto [place, added] = numbers_.try_emplace(key, static_cast<uint32_t>(result_.acquires.size()));
  if (added) result_.acquires.push_back({.thread = thread, .wants = asked.wants, .held = held});
  result_.acquires[place->second].instances.push_back(asked.instance);
  ++result_.instance_count;
}

}  // namespace

AbstractAcquires collect_abstract_acquires(const Trace& trace) {
  return Collector(trace).collect();
}

}  // namespace gordian::predict
