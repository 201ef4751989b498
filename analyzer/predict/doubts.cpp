#include "analyzer/predict/doubts.h"

#include <algorithm>

namespace gordian::predict {
namespace {

// What a thread did to a variable since its last event of another kind, one way.
struct Recent {
  uint32_t thread;
  uint32_t stretch;
  uint32_t position;  // of the first of them
  uint32_t latest;    // where in the trace the last of them is
  bool writes;
  bool is_atomic;
};

struct Variable {
  std::vector<Recent> recent;
  bool in_doubt = false;
};

// Accesses side by side, of no other event in between.
class Stretches {
 public:
  explicit Stretches(const Trace& trace)
      : count_(trace.threads.size()),
        stretch_(trace.threads.size()),
        before_(trace.threads.size()),
        first_(trace.threads.size(), kNone),
        variables_(trace.variables.size()) {}

  void pass(const Event& event) {
    ++place_;
    const uint32_t position = count_[event.thread]++;
    if (!is_access(event)) {
      ++stretch_[event.thread];
    } else {
      pass_access(event, position);
    }
    // What is one step with its place lies after all that the thread did before.
    if (is_access(event) && (event.flags & kAtomic) != 0) ++stretch_[event.thread];
    before_[event.thread] = place_;
  }

  std::vector<uint32_t> take() { return std::move(first_); }

 private:
  void pass_access(const Event& event, uint32_t position) {
    Variable& variable = variables_[event.operand];
    const bool writes = event.op == Op::kWrite;
    const bool is_atomic = (event.flags & kAtomic) != 0;
    const bool is_late = (event.flags & kLate) != 0;
    const Recent now{event.thread, stretch_[event.thread], position, place_, writes, is_atomic};
    Recent* own = nullptr;
    for (Recent& recent : variable.recent) {
      if (recent.thread == event.thread) {
        if (recent.writes == writes && recent.is_atomic == is_atomic) own = &recent;
        continue;
      }
      const bool may_be_later = recent.stretch == stretch_[recent.thread] && !recent.is_atomic;
      const bool may_be_between = is_late && recent.latest > before_[event.thread];
      if ((!may_be_later && !may_be_between) || !(recent.writes || writes)) continue;
      variable.in_doubt = true;
      if (!recent.writes) doubt(recent.thread, recent.position);
    }
    if (!writes && variable.in_doubt) doubt(event.thread, position);
    if (own == nullptr) {
      variable.recent.push_back(now);
    } else if (own->stretch == now.stretch) {
      own->latest = now.latest;
    } else {
      *own = now;
    }
  }

  void doubt(uint32_t thread, uint32_t position) { first_[thread] = std::min(first_[thread], position); }

  uint32_t place_ = 0;
  std::vector<uint32_t> count_, stretch_, before_,
      first_;  // by thread; `before_`: the place of its last event
  std::vector<Variable> variables_;
};

}  // namespace

Doubts::Doubts(const Trace& trace) {
  if (!trace.accesses_come_early) return;
  Stretches stretches(trace);
  for (const Event& event : trace.events) stretches.pass(event);
  first_ = stretches.take();
}

bool Doubts::touch(const std::vector<Prefix>& stops) const {
  return std::ranges::any_of(stops, [&](const Prefix& stop) {
    return stop.thread < first_.size() && stop.count > first_[stop.thread];
  });
}

}  // namespace gordian::predict
