#include "analyzer/predict/races.h"

#include <map>
#include <tuple>

#include "analyzer/predict/standing.h"

namespace gordian::predict {
namespace {

class RacePredictor {
 public:
  RacePredictor(const Trace& trace, uint64_t most_steps)
      : accesses_(collect_abstract_accesses(trace)),
        dependencies_(trace),
        closure_(dependencies_),
        most_steps_(most_steps) {}

  RacePrediction predict() {
    prediction_.statistics.variables = accesses_.variables.size();
    for (const AccessedVariable& variable : accesses_.variables) {
      for (size_t i = 0; i < variable.accesses.size(); ++i) {
        for (size_t k = i + 1; k < variable.accesses.size(); ++k)
          look_at(variable.variable, variable.accesses[i], variable.accesses[k]);
      }
    }
    prediction_.statistics.steps = closure_.steps();
    return std::move(prediction_);
  }

 private:
  using Place = std::pair<uint32_t, bool>;

  bool conflict(const AbstractAccess& one, const AbstractAccess& other) const {
    return one.thread != other.thread && (one.writes || other.writes) &&
           !(one.is_atomic && other.is_atomic) &&
           !exclude_each_other(accesses_.lock_sets[one.held], accesses_.lock_sets[other.held]);
  }

  RaceMember member(const AbstractAccess& access, size_t which) const {
    return {.thread = access.thread,
            .position = access.positions[which],
            .site = access.site,
            .writes = access.writes,
            .is_atomic = access.is_atomic,
            .held = accesses_.lock_sets[access.held]};
  }

  void look_at(uint32_t variable, const AbstractAccess& one, const AbstractAccess& other) {
    if (!conflict(one, other)) return;
    RaceStatistics& statistics = prediction_.statistics;
    ++statistics.pairs;
    const Place first{one.site, one.writes};
    const Place second{other.site, other.writes};
    const auto key = std::minmax(first, second);
    if (const auto known = reached_.find(key); known != reached_.end()) {
      ++prediction_.races[known->second].alike;
      return;
    }
    if (closure_.steps() >= most_steps_) {
      ++statistics.not_tried;
      return;
    }
    closure_.reset();
    const AbstractAccess* const both[] = {&one, &other};
    const auto at = find_standing(
        closure_, 2, [&](size_t i) { return both[i]->thread; },
        [&](size_t i) { return both[i]->positions.size(); },
        [&](size_t i, size_t k) { return both[i]->positions[k]; });
    if (!at) {
      ++statistics.not_reached;
      return;
    }
    reached_.emplace(key, prediction_.races.size());
    prediction_.races.push_back({.variable = variable,
                                 .members = {member(one, (*at)[0]), member(other, (*at)[1])},
                                 .stops = stops_of(closure_, dependencies_.thread_count()),
                                 .alike = 0});
  }

  const AbstractAccesses accesses_;
  const Dependencies dependencies_;
  Closure closure_;
  const uint64_t most_steps_;
  RacePrediction prediction_;
  std::map<std::pair<Place, Place>, size_t> reached_;  // index in prediction_.races
};

}  // namespace

RacePrediction predict_races(const Trace& trace, uint64_t most_steps) {
  if (!trace.holds_accesses) return {};
  return RacePredictor(trace, most_steps).predict();
}

}  // namespace gordian::predict
