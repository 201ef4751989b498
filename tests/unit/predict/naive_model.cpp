#include "tests/unit/predict/naive_model.h"

#include <algorithm>
#include <map>

namespace gordian::predict {
namespace {

using Held = std::set<std::pair<uint32_t, bool>>;

struct State {
  std::vector<size_t> done;      // by thread
  std::vector<int> last_writes;  // by variable: event, -1: none
  auto operator<=>(const State&) const = default;
};

class NaiveModel {
 public:
  explicit NaiveModel(const Trace& trace) : trace_(trace), by_thread_(trace.threads.size()) {
    std::vector<int> writes(trace.variables.size(), -1);
    for (size_t i = 0; i < trace.events.size(); ++i) {
      const Event& event = trace.events[i];
      by_thread_[event.thread].push_back(i);
      if (event.op == Op::kRead) saw_[i] = writes[event.operand];
      if (event.op == Op::kWrite) writes[event.operand] = static_cast<int>(i);
    }
  }

  Reached run() {
    std::vector<State> open{
        {std::vector<size_t>(by_thread_.size()), std::vector<int>(trace_.variables.size(), -1)}};
    std::set<State> seen(open.begin(), open.end());
    while (!open.empty()) {
      const State state = open.back();
      open.pop_back();
      look(state);
      look_for_races(state);
      for (uint32_t thread = 0; thread < by_thread_.size(); ++thread) {
        if (state.done[thread] == by_thread_[thread].size()) continue;
        const size_t event = by_thread_[thread][state.done[thread]];
        if (!may_happen(state, event)) continue;
        State next = state;
        ++next.done[thread];
        if (trace_.events[event].op == Op::kWrite)
          next.last_writes[trace_.events[event].operand] = static_cast<int>(event);
        if (seen.insert(next).second) open.push_back(next);
      }
    }
    return found_;
  }

 private:
  bool happened(const State& state, size_t event) const {
    const auto& own = by_thread_[trace_.events[event].thread];
    const size_t position = static_cast<size_t>(std::ranges::find(own, event) - own.begin());
    return position < state.done[trace_.events[event].thread];
  }

  Held held(const State& state, uint32_t thread) const {
    Held result;
    for (size_t i = 0; i < state.done[thread]; ++i) {
      const Event& event = trace_.events[by_thread_[thread][i]];
      const std::pair<uint32_t, bool> lock{event.operand, (event.flags & kShared) != 0};
      if (event.op == Op::kAcquire) result.insert(lock);
      if (event.op == Op::kRelease) result.erase(lock);
    }
    return result;
  }

  bool is_free(const State& state, uint32_t thread, uint32_t lock, bool shared) const {
    for (uint32_t other = 0; other < by_thread_.size(); ++other) {
      if (other == thread) continue;
      const Held theirs = held(state, other);
      if (theirs.contains({lock, false}) || (!shared && theirs.contains({lock, true}))) return false;
    }
    return true;
  }

  // Sections that exclude each other keep the order they had.
  bool keeps_order(const State& state, size_t event) const {
    const Event& acquire = trace_.events[event];
    for (size_t later = event + 1; later < trace_.events.size(); ++later) {
      const Event& other = trace_.events[later];
      const bool excludes = other.op == Op::kAcquire && other.operand == acquire.operand &&
                            ((acquire.flags & kShared) == 0 || (other.flags & kShared) == 0);
      if (excludes && happened(state, later)) return false;
    }
    return true;
  }

  bool all_before_happened(const State& state, size_t event, auto&& counts) const {
    for (size_t i = 0; i < event; ++i) {
      if (counts(trace_.events[i]) && !happened(state, i)) return false;
    }
    return true;
  }

  // The acquisitions that stood in the way of the attempt when the trace was made.
  bool holders_happened(const State& state, size_t event) const {
    std::map<uint32_t, size_t> holders;  // by thread
    for (size_t i = 0; i < event; ++i) {
      const Event& other = trace_.events[i];
      if (other.operand != trace_.events[event].operand) continue;
      if (other.op == Op::kAcquire) holders[other.thread] = i;
      if (other.op == Op::kRelease) holders.erase(other.thread);
    }
    return std::ranges::all_of(holders, [&](const auto& holder) { return happened(state, holder.second); });
  }

  bool was_created(const State& state, size_t event) const {
    const uint32_t thread = trace_.events[event].thread;
    return all_before_happened(
        state, event, [&](const Event& other) { return other.op == Op::kFork && other.operand == thread; });
  }

  bool may_happen(const State& state, size_t event) const {
    const Event& next = trace_.events[event];
    const bool shared = (next.flags & kShared) != 0;
    if (!was_created(state, event)) return false;
    switch (next.op) {
      case Op::kAcquire:
        return is_free(state, next.thread, next.operand, shared) && keeps_order(state, event);
      case Op::kTryFailed:
        // As sections keep their order, so does what failed because of one.
        return !is_free(state, next.thread, next.operand, shared) && holders_happened(state, event);
      case Op::kRead:
        return state.last_writes[next.operand] == saw_.at(event);
      case Op::kJoin:
        return all_before_happened(state, event,
                                   [&](const Event& other) { return other.thread == next.operand; });
      case Op::kWake:
        return all_before_happened(state, event, [&](const Event& other) {
          return (other.op == Op::kWait || other.op == Op::kNotify || other.op == Op::kWake) &&
                 other.operand == next.operand;
        });
      default:
        return true;
    }
  }

  void look(const State& state) {
    std::vector<std::pair<uint32_t, Waiting>> waiting;
    for (uint32_t thread = 0; thread < by_thread_.size(); ++thread) {
      if (state.done[thread] == by_thread_[thread].size()) continue;
      const size_t event = by_thread_[thread][state.done[thread]];
      const Event& next = trace_.events[event];
      if (next.op != Op::kAcquire || (next.flags & kCannotBlock) != 0 || !was_created(state, event)) continue;
      const Held mine = held(state, thread);
      if (!mine.empty())
        waiting.emplace_back(thread, Waiting{next.operand, (next.flags & kShared) != 0, mine});
    }
    std::vector<size_t> path;
    for (size_t i = 0; i < waiting.size(); ++i) follow(waiting, path, i);
  }

  void look_for_races(const State& state) {
    std::vector<size_t> next;
    for (uint32_t thread = 0; thread < by_thread_.size(); ++thread) {
      if (state.done[thread] == by_thread_[thread].size()) continue;
      const size_t event = by_thread_[thread][state.done[thread]];
      const Op op = trace_.events[event].op;
      if ((op == Op::kRead || op == Op::kWrite) && was_created(state, event)) next.push_back(event);
    }
    for (const size_t one : next) {
      for (const size_t other : next) {
        const Event& first = trace_.events[one];
        const Event& second = trace_.events[other];
        const bool both_atomic = (first.flags & second.flags & kAtomic) != 0;
        if (one < other && first.operand == second.operand && !both_atomic &&
            (first.op == Op::kWrite || second.op == Op::kWrite))
          found_.races.emplace(one, other);
      }
    }
  }

  static bool blocks(const Waiting& waits, const Waiting& holder) {
    const auto& [lock, shared, mine] = waits;
    const Held& theirs = std::get<2>(holder);
    return theirs.contains({lock, false}) || (!shared && theirs.contains({lock, true}));
  }

  // All simple cycles; locks that are wanted are distinct by the definition of a pattern.
  void follow(const std::vector<std::pair<uint32_t, Waiting>>& waiting, std::vector<size_t>& path,
              size_t next) {
    for (const size_t member : path) {
      if (member == next || std::get<0>(waiting[member].second) == std::get<0>(waiting[next].second)) return;
    }
    path.push_back(next);
    if (path.size() > 1 && blocks(waiting[next].second, waiting[path.front()].second)) {
      DeadlockShape shape;
      for (const size_t member : path) shape.insert(waiting[member].second);
      found_.deadlocks.insert(shape);
    }
    for (size_t i = 0; i < waiting.size(); ++i) {
      if (i != next && blocks(waiting[next].second, waiting[i].second)) follow(waiting, path, i);
    }
    path.pop_back();
  }

  const Trace& trace_;
  std::vector<std::vector<size_t>> by_thread_;
  std::map<size_t, int> saw_;
  Reached found_;
};

}  // namespace

Reached reached_by_exhaustion(const Trace& trace) {
  return NaiveModel(trace).run();
}

}  // namespace gordian::predict
