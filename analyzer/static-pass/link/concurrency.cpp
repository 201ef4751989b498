#include "analyzer/static-pass/link/concurrency.h"

#include <algorithm>

namespace gordian::check {
namespace {

// What a call through a pointer may run is known by the pointer's type alone where there are more.
constexpr size_t kMostTargets = 1;

// From a thread's entry to what it surely does; behind more calls there are too many conditions.
constexpr int kFarthest = 3;

}  // namespace

Concurrency::Concurrency(const Analysis& analysis)
    : analysis_(analysis),
      calls_from_(analysis.program.functions().size()),
      roots_(analysis.program.functions().size()),
      seen_roots_(analysis.program.functions().size()),
      alive_in_(analysis.program.functions().size()) {
  const std::vector<Function>& functions = analysis.program.functions();
  is_called_.resize(functions.size());
  for (const CallSite& site : analysis.events.calls) {
    calls_from_[site.caller.value].push_back(&site);
    if (site.caller != site.callee) is_called_[site.callee.value] = true;
  }
  const auto add_entry = [&](FunctionId entry) {
    const auto [place, is_new] = entry_index_.try_emplace(entry, static_cast<uint32_t>(entries_.size()));
    if (is_new) entries_.push_back(entry);
    return place->second;
  };
  std::vector<FunctionId> mains;
  for (uint32_t i = 0; i < functions.size(); ++i) {
    if ((functions[i].flags & function_flags::kMain) == 0) continue;
    mains.push_back({i});
    add_entry(mains.back());
  }
  for (const ThreadStart& start : analysis.events.starts) {
    starts_[add_entry(start.entry)].push_back(&start);
    has_threads_ = true;
  }
  std::map<std::pair<FunctionId, Place>, std::set<FunctionId>> targets;
  for (const CallSite& site : analysis.events.calls) targets[{site.caller, site.place}].insert(site.callee);
  for (const auto& [place, called] : targets) {
    if (called.size() > kMostTargets) vague_.insert(place);
  }
  for (uint32_t i = 0; i < entries_.size(); ++i) {
    reach(entries_[i], i);
    reach_as_seen(entries_[i], i);
  }
  for (const FunctionId escaped : analysis.shared.escaped) {
    if (!entry_index_.contains(escaped)) reach(escaped, kAnyone);
  }
  for (uint32_t i = 0; i < functions.size(); ++i) {
    const bool is_root =
        !is_called_[i] && !entry_index_.contains({i}) &&
        (functions[i].flags & (function_flags::kInitialisers | function_flags::kLambda)) == 0;
    if (is_root) reach({i}, kAnyone);
  }
  // Recursion that is entered from nowhere, and lambdas that nobody is seen to run.
  for (uint32_t i = 0; i < functions.size(); ++i) {
    if (roots_[i].empty()) reach({i}, kAnyone);
  }
  for (const FunctionId main : mains) find_alive(main);
}

bool Concurrency::only_begins_threads(FunctionId function) const {
  return entry_index_.contains(function) && !is_called_[function.value];
}

void Concurrency::reach(FunctionId from, uint32_t root) {
  entry_points_.insert(from);
  if (root == kAnyone) outside_.insert(from);
  std::vector<FunctionId> open{from};
  while (!open.empty()) {
    const FunctionId id = open.back();
    open.pop_back();
    if (!roots_[id.value].insert(root).second) continue;
    for (const CallSite* site : calls_from_[id.value]) open.push_back(site->callee);
  }
}

void Concurrency::reach_as_seen(FunctionId from, uint32_t root) {
  std::vector<FunctionId> level{from};
  for (int depth = 0; !level.empty() && (depth <= kFarthest || is_main(root)); ++depth) {
    std::vector<FunctionId> next;
    for (const FunctionId id : level) {
      if (!seen_roots_[id.value].insert(root).second) continue;
      for (const CallSite* site : calls_from_[id.value]) {
        if (!vague_.contains({id, site->place})) next.push_back(site->callee);
      }
    }
    level = std::move(next);
  }
}

void Concurrency::find_alive(FunctionId main) {
  std::vector<FunctionId> open{main};
  std::set<FunctionId> seen{main};
  while (!open.empty()) {
    const FunctionId id = open.back();
    open.pop_back();
    for (const CallSite* site : calls_from_[id.value]) {
      std::set<FunctionId>& alive = alive_in_[site->callee.value];
      const size_t before = alive.size();
      alive.insert(alive_in_[id.value].begin(), alive_in_[id.value].end());
      alive.insert(site->alive.begin(), site->alive.end());
      if (seen.insert(site->callee).second || alive.size() != before) open.push_back(site->callee);
    }
  }
}

// Whether two threads of this kind can exist at the same time.
bool Concurrency::is_many(uint32_t root) const {
  const auto starts = starts_.find(root);
  if (starts == starts_.end()) return false;  // main
  const auto is_alive = [&](const ThreadStart* start) {
    if (std::ranges::find(start->alive, start->entry) != start->alive.end()) return true;
    if (alive_in_[start->in.value].contains(start->entry)) return true;
    const Roots& roots = roots_[start->in.value];
    return std::ranges::any_of(roots, [&](uint32_t each) {
      return each == kAnyone || (each != root && starts_.contains(each) && starts_.at(each).size() > 1) ||
             each == root;
    });
  };
  return std::ranges::any_of(starts->second, is_alive);
}

bool Concurrency::together(uint32_t one, uint32_t other) const {
  const auto starts_beside = [&](uint32_t root, uint32_t beside) {
    const auto starts = starts_.find(root);
    if (starts == starts_.end()) return false;
    return std::ranges::any_of(starts->second, [&](const ThreadStart* start) {
      const FunctionId entry = entries_[beside];
      if (std::ranges::find(start->alive, entry) != start->alive.end()) return true;
      if (alive_in_[start->in.value].contains(entry)) return true;
      // Started by some other thread: nothing is known of when.
      return std::ranges::any_of(roots_[start->in.value], [&](uint32_t each) {
        return each == kAnyone ||
               (analysis_.program.function(entries_[each]).flags & function_flags::kMain) == 0;
      });
    });
  };
  return starts_beside(one, other) || starts_beside(other, one);
}

// Every thread of this kind is known by a global, and has been waited for.
bool Concurrency::is_joined(uint32_t root, const std::vector<PathId>& joined) const {
  const auto starts = starts_.find(root);
  return starts != starts_.end() && std::ranges::all_of(starts->second, [&](const ThreadStart* start) {
           return start->variable && std::ranges::find(joined, start->variable) != joined.end();
         });
}

// Started by then, or by a thread that is.
bool Concurrency::may_be_alive(uint32_t root, const Moment& moment, std::set<uint32_t>& seen) const {
  if (!seen.insert(root).second || is_joined(root, moment.joined)) return false;
  const FunctionId entry = entries_[root];
  const std::set<FunctionId>& before = alive_in_[moment.in.value];
  if (std::ranges::find(moment.alive, entry) != moment.alive.end() || before.contains(entry)) return true;
  const auto starts = starts_.find(root);
  return starts != starts_.end() && std::ranges::any_of(starts->second, [&](const ThreadStart* start) {
           return std::ranges::any_of(roots_[start->in.value], [&](uint32_t each) {
             if (each == kAnyone) return !moment.alive.empty() || !before.empty();
             return starts_.contains(each) && may_be_alive(each, moment, seen);
           });
         });
}

bool Concurrency::is_main(uint32_t root) const {
  return root != kAnyone && (analysis_.program.function(entries_[root]).flags & function_flags::kMain) != 0 &&
         !starts_.contains(root);
}

bool Concurrency::roots_meet(uint32_t one, uint32_t other, const Moment& in_one,
                             const Moment& in_other) const {
  // Before a program has started its first thread, whoever else there is runs in main.
  const auto is_alone = [&](uint32_t root, const Moment& moment) {
    return is_main(root) && moment.alive.empty() && alive_in_[moment.in.value].empty();
  };
  const auto runs_beside_main = [&](uint32_t root, const Moment& moment) {
    std::set<uint32_t> seen;
    return may_be_alive(root, moment, seen);
  };
  if (one == kAnyone || other == kAnyone) return !is_alone(one, in_one) && !is_alone(other, in_other);
  if (one == other) return is_many(one);
  if (is_main(one)) return runs_beside_main(other, in_one);
  if (is_main(other)) return runs_beside_main(one, in_other);
  return together(one, other);
}

bool Concurrency::parallel(const Moment& one, const Moment& other) const {
  return std::ranges::any_of(roots_[one.in.value], [&](uint32_t a) {
    return std::ranges::any_of(roots_[other.in.value],
                               [&](uint32_t b) { return roots_meet(a, b, one, other); });
  });
}

bool Concurrency::parallel_as_seen(const Moment& one, const Moment& other) const {
  return std::ranges::any_of(seen_roots_[one.in.value], [&](uint32_t a) {
    return std::ranges::any_of(seen_roots_[other.in.value],
                               [&](uint32_t b) { return roots_meet(a, b, one, other); });
  });
}

bool Concurrency::runs_in_thread(FunctionId function) const {
  return std::ranges::any_of(roots_[function.value], [&](uint32_t root) { return starts_.contains(root); });
}

FunctionId Concurrency::only_root(FunctionId function) const {
  const Roots& roots = roots_[function.value];
  return roots.size() == 1 && *roots.begin() != kAnyone ? entries_[*roots.begin()] : FunctionId{};
}

}  // namespace gordian::check
