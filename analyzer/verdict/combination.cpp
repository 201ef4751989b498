#include "analyzer/verdict/combination.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace gordian::verdict {

using model::LockCycle;
using model::OrderContext;
using model::OrderedLock;
using model::OrderStep;
using model::ResourceKind;

namespace {

constexpr size_t kMostChoices = 1024;  // an edge; beyond, the search is not in full
constexpr size_t kLongestCycle = 4096;

// Candidates that are equal in this are equal to every filter.
auto looks(const Candidate& candidate) {
  return std::tuple(candidate.held, candidate.asked, candidate.held_set, candidate.holds_shared,
                    candidate.asks_shared, candidate.is_timed, candidate.who.thread_serial,
                    candidate.who.first_segment, candidate.who.last_segment);
}

}  // namespace

void Combiner::add_choices(Choices& choices, uint32_t from, const OrderContext& context) {
  const OrderStep& step = order_.steps[context.step];
  Candidate candidate;
  candidate.context = context;
  candidate.asked = step.lock;
  candidate.asks_shared = step.shared;
  candidate.is_timed = step.timed;
  candidate.held_set = held_.at(context.step);
  candidate.held = from;
  const bool holds_itself = context.ancestor == model::kNoStep;
  if (!holds_itself) {
    candidate.held = order_.steps[context.ancestor].lock;
    candidate.holds_shared = order_.steps[context.ancestor].shared;
  }
  for (const model::Witness& witness : step.witnesses) {
    // A thread holds its own end, and nobody else does.
    if (holds_itself && witness.thread_serial != order_.locks[from].key.address) continue;
    candidate.who = {witness.thread_serial, witness.first_segment, witness.last_segment};
    choices.all.push_back(candidate);
  }
  if (!holds_itself && (step.witnesses_dropped || step.witnesses.empty())) {
    candidate.who = {};
    choices.all.push_back(candidate);
  }
}

const Combiner::Choices& Combiner::choices(uint32_t from, uint32_t to) {
  const auto [place, is_new] = choices_.try_emplace({from, to});
  Choices& known = place->second;
  if (!is_new) return known;
  known.is_whole = graph_.has_all_contexts(from, to);
  for (const OrderContext& context : graph_.contexts(from, to)) add_choices(known, from, context);
  std::stable_sort(known.all.begin(), known.all.end(),
                   [](const Candidate& one, const Candidate& other) { return looks(one) < looks(other); });
  known.all.erase(
      std::unique(known.all.begin(), known.all.end(),
                  [](const Candidate& one, const Candidate& other) { return looks(one) == looks(other); }),
      known.all.end());
  if (known.all.size() > kMostChoices) {
    known.all.resize(kMostChoices);
    known.is_whole = false;
  }
  return known;
}

// Keeps one of each kind and subject; always false, for a filter that says no.
bool Combiner::note(RuledOut by, uint32_t lock, uint32_t thread, uint32_t other_thread) {
  constexpr size_t kMostOfAKind = 3;
  size_t of_a_kind = 0;
  for (const Obstacle& known : obstacles_) {
    if (known.by != by) continue;
    if (known.lock == lock && known.thread == thread && known.other_thread == other_thread) return false;
    if (++of_a_kind == kMostOfAKind) return false;
  }
  obstacles_.push_back({by, lock, thread, other_thread});
  return false;
}

bool Combiner::try_once() {
  if (tries_of_cycle_ == 0 || tries_left_ == 0) return false;
  --tries_of_cycle_;
  --tries_left_;
  return true;
}

// What can be said of one edge alone.
bool Combiner::can_block(const Candidate& candidate) {
  const OrderedLock& asked = order_.locks[candidate.asked];
  if (candidate.is_timed) return note(RuledOut::kTimedAttempt, candidate.asked);
  if (asked.key.kind == ResourceKind::kSemaphore && asked.units > 1)
    return note(RuledOut::kSeveralUnits, candidate.asked);
  return true;
}

// Whether the one waits for the other, where it stands on the edge before.
bool Combiner::blocks(const Candidate& asks, const Candidate& holds) {
  if (asks.asked != holds.held) return note(RuledOut::kRecycledAddress, asks.asked);
  const OrderedLock& asked = order_.locks[asks.asked];
  if (asked.key.kind == ResourceKind::kThread && asked.told_under != kNoLock &&
      holds.asked == asked.told_under && held_.contains(asks.held_set, asked.told_under))
    return note(RuledOut::kToldItsEnd, asked.told_under, holds.who.thread_serial);
  if (!asks.asks_shared || !holds.holds_shared) return true;
  const bool is_shut = order_.locks[asks.asked].prefers_writers && !writers_of(asks.asked).empty();
  return is_shut || note(RuledOut::kSharedRead, asks.asked);
}

bool Combiner::go_together(const Lists& lists, size_t edge, const Candidate& one, size_t other_edge,
                           const Candidate& other) {
  const size_t size = lists.size();
  if ((edge + 1) % size == other_edge && !blocks(one, other)) return false;
  if ((other_edge + 1) % size == edge && !blocks(other, one)) return false;
  const uint32_t guard = held_.guard(one.held_set, other.held_set);
  if (guard != kNoLock) return note(RuledOut::kGuard, guard);
  if (one.who.thread_serial == 0 || other.who.thread_serial == 0) return true;
  if (one.who.thread_serial == other.who.thread_serial)
    return note(RuledOut::kSingleThread, kNoLock, one.who.thread_serial);
  const uint64_t before = threads_.steps();
  const bool is_first = threads_.before(one.who, other.who);
  const bool is_last = !is_first && threads_.before(other.who, one.who);
  const uint64_t cost = threads_.steps() - before;
  tries_left_ -= std::min(tries_left_, cost);
  tries_of_cycle_ -= std::min(tries_of_cycle_, cost);
  if (is_first) return note(RuledOut::kThreadOrder, kNoLock, one.who.thread_serial, other.who.thread_serial);
  if (is_last) return note(RuledOut::kThreadOrder, kNoLock, other.who.thread_serial, one.who.thread_serial);
  return true;
}

const std::vector<uint32_t>& Combiner::writers_of(uint32_t lock) {
  if (!std::exchange(knows_writers_, true)) {
    for (uint32_t i = 0; i < order_.steps.size(); ++i) {
      const OrderStep& step = order_.steps[i];
      if (step.attempted && !step.shared && !step.timed && order_.locks[step.lock].prefers_writers)
        writers_[step.lock].push_back(i);
    }
  }
  return writers_[lock];
}

// Where a reader is to be kept out by readers, a writer has to queue between them: one more thread.
bool Combiner::a_writer_comes(uint32_t lock, const std::vector<const Candidate*>& chosen) {
  const auto fits = [&](const Span& who, uint32_t held_set) {
    return std::all_of(chosen.begin(), chosen.end(), [&](const Candidate* each) {
      if (held_.guard(held_set, each->held_set) != kNoLock) return false;
      if (who.thread_serial == 0 || each->who.thread_serial == 0) return true;
      return who.thread_serial != each->who.thread_serial && !threads_.apart(who, each->who);
    });
  };
  for (const uint32_t writer : writers_of(lock)) {
    const OrderStep& step = order_.steps[writer];
    const uint32_t held_set = held_.at(writer);
    if (!try_once()) return false;
    if ((step.witnesses_dropped || step.witnesses.empty()) && fits({}, held_set)) return true;
    for (const model::Witness& witness : step.witnesses) {
      if (fits({witness.thread_serial, witness.first_segment, witness.last_segment}, held_set)) return true;
    }
  }
  return note(RuledOut::kSharedRead, lock);
}

bool Combiner::writers_come(const std::vector<const Candidate*>& chosen) {
  for (size_t i = 0; i < chosen.size(); ++i) {
    const bool is_read = chosen[i]->asks_shared && chosen[(i + 1) % chosen.size()]->holds_shared;
    if (is_read && !a_writer_comes(chosen[i]->asked, chosen)) return false;
  }
  return true;
}

// A semaphore of n units lets n threads in: a ring of more, each with a unit of it, never comes together.
bool Combiner::units_suffice(const std::vector<const Candidate*>& chosen) {
  std::map<uint32_t, int32_t> taken;
  for (const Candidate* each : chosen) {
    for (const uint32_t semaphore : held_.semaphores(each->held_set))
      if (++taken[semaphore] > order_.locks[semaphore].units) return note(RuledOut::kTooFewUnits, semaphore);
  }
  return true;
}

// One edge after the other, and back where nothing goes together with what was chosen.
Combiner::Outcome Combiner::search(const Lists& lists, std::vector<const Candidate*>& chosen) {
  std::vector<size_t> next{0};
  while (!next.empty()) {
    const size_t edge = next.size() - 1;
    chosen.resize(edge);
    if (next.back() == lists[edge].size()) {
      next.pop_back();
      continue;
    }
    const Candidate* candidate = lists[edge][next.back()++];
    bool fits = true;
    for (size_t other = 0; fits && other < edge; ++other) {
      if (!try_once()) return Outcome::kGivenUp;
      fits = go_together(lists, edge, *candidate, other, *chosen[other]);
    }
    if (!fits) continue;
    chosen.push_back(candidate);
    if (chosen.size() < lists.size()) {
      next.push_back(0);
    } else if (units_suffice(chosen) && writers_come(chosen)) {
      return Outcome::kFound;
    } else if (tries_of_cycle_ == 0 || tries_left_ == 0) {
      return Outcome::kGivenUp;
    }
  }
  return Outcome::kRuledOut;
}

// Two edges that cannot be taken together at all settle it, whatever the others would do.
Combiner::Outcome Combiner::search_pairs(const Lists& lists, const std::vector<Obstacle>& of_edges) {
  for (size_t edge = 0; edge < lists.size(); ++edge) {
    for (size_t other = edge + 1; other < lists.size(); ++other) {
      obstacles_ = of_edges;
      bool is_possible = false;
      for (size_t i = 0; !is_possible && i < lists[edge].size(); ++i) {
        for (size_t j = 0; !is_possible && j < lists[other].size(); ++j) {
          if (!try_once()) return Outcome::kGivenUp;
          is_possible = go_together(lists, edge, *lists[edge][i], other, *lists[other][j]);
        }
      }
      if (!is_possible) return Outcome::kRuledOut;
    }
  }
  return Outcome::kGivenUp;
}

Combination Combiner::combine(const LockCycle& cycle) {
  Combination result;
  obstacles_.clear();
  Lists lists;
  bool is_whole = cycle.size() <= kLongestCycle;
  bool is_blocked = true;
  for (size_t i = 0; i < cycle.size(); ++i) {
    const Choices& known = choices(cycle[i], cycle[(i + 1) % cycle.size()]);
    is_whole = is_whole && known.is_whole;
    lists.emplace_back();
    for (const Candidate& candidate : known.all)
      if (can_block(candidate)) lists.back().push_back(&candidate);
    is_blocked = is_blocked && !lists.back().empty();
    // An edge has a way in which it was seen, or it would not be there.
    result.chosen.push_back(lists.back().empty() ? known.all.front() : *lists.back().front());
  }
  const std::vector<Obstacle> of_edges = obstacles_;
  std::vector<const Candidate*> chosen;
  Outcome outcome = is_blocked ? Outcome::kGivenUp : Outcome::kRuledOut;
  if (is_blocked && cycle.size() <= kLongestCycle) {
    tries_of_cycle_ = limits_.tries_per_cycle;
    outcome = search(lists, chosen);
    if (outcome == Outcome::kGivenUp) {
      std::vector<Obstacle> met = obstacles_;
      tries_of_cycle_ = limits_.tries_per_cycle;
      outcome = search_pairs(lists, of_edges);
      if (outcome == Outcome::kGivenUp) obstacles_ = std::move(met);
    }
  }
  result.found = outcome == Outcome::kFound;
  result.undecided = outcome == Outcome::kGivenUp || (outcome == Outcome::kRuledOut && !is_whole);
  if (result.found) {
    for (size_t i = 0; i < chosen.size(); ++i) result.chosen[i] = *chosen[i];
  } else {
    result.obstacles = std::move(obstacles_);
  }
  return result;
}

}  // namespace gordian::verdict
