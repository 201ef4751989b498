#include "analyzer/predict/deadlocks.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "analyzer/predict/closure.h"

namespace gordian::predict {
namespace {

class Predictor {
 public:
  Predictor(const Trace& trace, const AbstractAcquires& abstract, const PredictionLimits& limits,
            Prediction& prediction)
      : abstract_(abstract),
        limits_(limits),
        dependencies_(trace),
        closure_(dependencies_),
        prediction_(prediction) {}

  void look_at(const Pattern& pattern);
  uint64_t steps() const { return closure_.steps(); }

 private:
  // What the members want and hold, without who they are.
  using Shape = std::vector<std::tuple<uint32_t, bool, uint32_t>>;

  Shape shape_of(const Pattern& pattern) const;
  std::optional<std::vector<Instance>> reach(const Pattern& pattern);
  Deadlock deadlock_of(const Pattern& pattern, const std::vector<Instance>& instances) const;

  const AbstractAcquires& abstract_;
  const PredictionLimits& limits_;
  Dependencies dependencies_;
  Closure closure_;
  Prediction& prediction_;
  std::map<Shape, size_t> reached_;  // index in prediction_.deadlocks
};

Predictor::Shape Predictor::shape_of(const Pattern& pattern) const {
  Shape shape;
  for (const uint32_t number : pattern) {
    const AbstractAcquire& acquire = abstract_.acquires[number];
    shape.emplace_back(acquire.wants.lock, acquire.wants.shared, acquire.held);
  }
  std::rotate(shape.begin(), std::ranges::min_element(shape), shape.end());
  return shape;
}

void Predictor::look_at(const Pattern& pattern) {
  ++prediction_.statistics.patterns;
  Shape shape = shape_of(pattern);
  if (const auto known = reached_.find(shape); known != reached_.end()) {
    ++prediction_.deadlocks[known->second].alike;
    return;
  }
  if (closure_.steps() >= limits_.steps) {
    ++prediction_.statistics.not_tried;
    return;
  }
  closure_.reset();
  if (const auto instances = reach(pattern)) {
    reached_.emplace(std::move(shape), prediction_.deadlocks.size());
    prediction_.deadlocks.push_back(deadlock_of(pattern, *instances));
  } else {
    ++prediction_.statistics.not_reached;
  }
}

// The instances at which the threads stop; nothing when there are none.
std::optional<std::vector<Instance>> Predictor::reach(const Pattern& pattern) {
  std::vector<size_t> at(pattern.size());
  for (;;) {
    for (size_t i = 0; i < pattern.size(); ++i) {
      const AbstractAcquire& acquire = abstract_.acquires[pattern[i]];
      closure_.include(acquire.thread, acquire.instances[at[i]].position);
    }
    if (closure_.is_impossible()) return std::nullopt;
    bool all_stand = true;
    for (size_t i = 0; i < pattern.size(); ++i) {
      const AbstractAcquire& acquire = abstract_.acquires[pattern[i]];
      const uint32_t count = closure_.count_of(acquire.thread);
      if (acquire.instances[at[i]].position >= count) continue;
      all_stand = false;
      while (at[i] < acquire.instances.size() && acquire.instances[at[i]].position < count) ++at[i];
      if (at[i] == acquire.instances.size()) return std::nullopt;
    }
    if (!all_stand) continue;
    std::vector<Instance> instances;
    for (size_t i = 0; i < pattern.size(); ++i)
      instances.push_back(abstract_.acquires[pattern[i]].instances[at[i]]);
    return instances;
  }
}

Deadlock Predictor::deadlock_of(const Pattern& pattern, const std::vector<Instance>& instances) const {
  Deadlock deadlock;
  for (size_t i = 0; i < pattern.size(); ++i) {
    const AbstractAcquire& acquire = abstract_.acquires[pattern[i]];
    deadlock.members.push_back({.thread = acquire.thread,
                                .wants = acquire.wants,
                                .instance = instances[i],
                                .held = abstract_.lock_sets[acquire.held]});
  }
  for (uint32_t thread = 0; thread < dependencies_.thread_count(); ++thread) {
    if (const uint32_t count = closure_.count_of(thread); count != 0)
      deadlock.stops.push_back({thread, count});
  }
  return deadlock;
}

}  // namespace

Prediction predict_deadlocks(const Trace& trace, const PredictionLimits& limits) {
  Prediction prediction;
  PredictionStatistics& statistics = prediction.statistics;
  const AbstractAcquires abstract = collect_abstract_acquires(trace);
  statistics.events = trace.lines;
  statistics.threads = trace.threads.size();
  statistics.locks = trace.locks.size();
  statistics.acquisitions = static_cast<uint64_t>(std::ranges::count(trace.events, Op::kAcquire, &Event::op));
  statistics.abstract_acquires = abstract.acquires.size();

  std::optional<Predictor> predictor;
  statistics.search = find_patterns(abstract, limits.patterns, [&](const Pattern& pattern) {
    if (!predictor) predictor.emplace(trace, abstract, limits, prediction);
    predictor->look_at(pattern);
  });
  if (predictor) statistics.steps = predictor->steps();
  return prediction;
}

}  // namespace gordian::predict
