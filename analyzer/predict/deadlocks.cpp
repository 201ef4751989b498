#include "analyzer/predict/deadlocks.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "analyzer/predict/standing.h"

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
  const auto acquire = [&](size_t i) -> const AbstractAcquire& { return abstract_.acquires[pattern[i]]; };
  const auto at = find_standing(
      closure_, pattern.size(), [&](size_t i) { return acquire(i).thread; },
      [&](size_t i) { return acquire(i).instances.size(); },
      [&](size_t i, size_t k) { return acquire(i).instances[k].position; });
  if (!at) return std::nullopt;
  std::vector<Instance> instances;
  for (size_t i = 0; i < pattern.size(); ++i) instances.push_back(acquire(i).instances[(*at)[i]]);
  return instances;
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
  deadlock.stops = stops_of(closure_, dependencies_.thread_count());
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
