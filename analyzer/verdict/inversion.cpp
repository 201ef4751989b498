#include "analyzer/verdict/inversion.h"

#include <algorithm>
#include <map>

#include "analyzer/verdict/combination.h"

namespace gordian::verdict {

using model::Lives;
using model::LockCycle;
using model::LockOrder;
using model::LockOrderGraph;
using model::ResourceKey;
using record::Grade;

namespace {

using Keys = std::vector<ResourceKey>;  // of a cycle; the smallest first

class InversionJudgement {
 public:
  InversionJudgement(const LockOrder& order, const InversionLimits& limits)
      : order_(order), limits_(limits) {}

  Inversions run() {
    judge(Lives::kApart);
    // Nobody would ask about cycles that take one lock for another, but that tools which do are believed.
    if (has_recycled_addresses()) judge(Lives::kTogether);
    std::stable_sort(result_.all.begin(), result_.all.end(),
                     [](const Inversion& one, const Inversion& other) {
                       if (one.grade != other.grade) return one.grade > other.grade;
                       return one.edges.size() < other.edges.size();
                     });
    return std::move(result_);
  }

 private:
  bool has_recycled_addresses() const {
    std::map<ResourceKey, uint32_t> lives;
    return std::any_of(order_.locks.begin(), order_.locks.end(),
                       [&](const model::OrderedLock& lock) { return ++lives[lock.key] > 1; });
  }

  Keys keys_of(const LockCycle& cycle) const {
    Keys keys;
    for (const uint32_t lock : cycle) keys.push_back(order_.locks[lock].key);
    std::rotate(keys.begin(), std::min_element(keys.begin(), keys.end()), keys.end());
    return keys;
  }

  void judge(Lives lives) {
    const LockOrderGraph graph(order_, lives, limits_.graph);
    const model::LockCycles cycles = model::find_cycles(graph.graph(), limits_.cycles);
    if (lives == Lives::kApart) {
      result_.contexts_left_out = graph.left_out();
      result_.edges_uncovered = cycles.edges_uncovered;
      result_.every_cycle = cycles.complete;
    }
    Combiner combiner(graph, limits_);
    for (const LockCycle& cycle : cycles.cycles) {
      const Keys keys = keys_of(cycle);
      if (lives == Lives::kApart) {
        Inversion found = inversion(combiner.combine(cycle), cycle, graph);
        if (found.grade == Grade::kPossible || !has_chord(cycle, graph)) tell(keys, std::move(found));
      } else if (!known_.contains(keys)) {
        Combination combination = combiner.combine(cycle);
        if (!combination.found && !combination.undecided && needs_recycling(combination))
          tell(keys, inversion(std::move(combination), cycle, graph));
      }
    }
  }

  // An edge across the cycle: with one of its halves it makes a shorter one.
  static bool has_chord(const LockCycle& cycle, const LockOrderGraph& graph) {
    constexpr size_t kLongestSearched = 256;
    const size_t size = std::min(cycle.size(), kLongestSearched);
    for (size_t i = 0; i < size; ++i) {
      for (size_t j = 0; j < size; ++j) {
        if (j != i && j != (i + 1) % cycle.size() && boost::edge(cycle[i], cycle[j], graph.graph()).second)
          return true;
      }
    }
    return false;
  }

  static bool needs_recycling(const Combination& combination) {
    return std::any_of(combination.obstacles.begin(), combination.obstacles.end(),
                       [](const Obstacle& obstacle) { return obstacle.by == RuledOut::kRecycledAddress; });
  }

  // One address twice in a cycle: the first lock had ended before the second began.
  uint32_t recycled_within(const LockCycle& cycle) const {
    std::map<ResourceKey, uint32_t> met;
    for (const uint32_t lock : cycle)
      if (!met.try_emplace(order_.locks[lock].key, lock).second) return lock;
    return kNoLock;
  }

  Inversion inversion(Combination combination, const LockCycle& cycle, const LockOrderGraph& graph) const {
    Inversion result;
    for (size_t i = 0; i < cycle.size(); ++i) {
      const Candidate& chosen = combination.chosen[i];
      const size_t seen = graph.contexts(cycle[i], cycle[(i + 1) % cycle.size()]).size();
      result.edges.push_back({chosen.held, chosen.asked, chosen.context.step, chosen.context.ancestor,
                              chosen.who.thread_serial, static_cast<uint32_t>(seen)});
    }
    result.obstacles = std::move(combination.obstacles);
    result.undecided = combination.undecided;
    if (const uint32_t recycled = recycled_within(cycle); recycled != kNoLock) {
      result.obstacles = {{RuledOut::kRecycledAddress, recycled}};
      result.undecided = false;
      combination.found = false;
    }
    result.grade = combination.found ? Grade::kPossible : Grade::kUnlikely;
    return result;
  }

  // The same addresses in another life are the same cycle; the stronger grade is shown.
  void tell(const Keys& keys, Inversion told) {
    const auto [place, is_new] = known_.try_emplace(keys, result_.all.size());
    if (is_new) {
      result_.all.push_back(std::move(told));
      return;
    }
    Inversion& known = result_.all[place->second];
    told.instances += known.instances;
    if (told.grade > known.grade) {
      known = std::move(told);
    } else {
      known.instances = told.instances;
    }
  }

  const LockOrder& order_;
  const InversionLimits& limits_;
  Inversions result_;
  std::map<Keys, size_t> known_;
};

}  // namespace

Inversions find_inversions(const LockOrder& order, const InversionLimits& limits) {
  return InversionJudgement(order, limits).run();
}

}  // namespace gordian::verdict
