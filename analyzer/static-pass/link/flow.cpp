#include "analyzer/static-pass/link/flow.h"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

namespace gordian::check {
namespace {

constexpr size_t kMostStates = 10;      // of a block, before those with the same locks are joined
constexpr size_t kMostLockStates = 16;  // with different locks
constexpr size_t kMostExits = 8;
constexpr size_t kMostVisits = 24;     // of a block, before states are joined at once
constexpr size_t kMostSteps = 60'000;  // of a function

bool same_hold(const Hold& one, const Hold& other) {
  return one.lock == other.lock && one.stale == other.stale && one.shared == other.shared &&
         one.count == other.count;
}

bool same_holds(const std::vector<Hold>& one, const std::vector<Hold>& other) {
  return one.size() == other.size() && std::ranges::all_of(one, [&](const Hold& hold) {
           return std::ranges::any_of(other, [&](const Hold& each) { return same_hold(hold, each); });
         });
}

bool same_locks(const State& one, const State& other) {
  return same_holds(one.holds, other.holds) && same_holds(one.released, other.released) &&
         one.guards == other.guards;
}

bool same_knowledge(const State& one, const State& other) {
  return one.values == other.values && one.facts == other.facts && one.returned == other.returned &&
         one.alive == other.alive && one.done == other.done && one.escaped == other.escaped &&
         one.unsure == other.unsure && one.awaited == other.awaited && one.has_joined == other.has_joined &&
         one.joined == other.joined && one.has_thrown == other.has_thrown && one.failed == other.failed;
}

template <typename T>
size_t count_common(const std::vector<T>& one, const std::vector<T>& other) {
  return static_cast<size_t>(
      std::ranges::count_if(one, [&](const T& each) { return std::ranges::binary_search(other, each); }));
}

size_t common_knowledge(const State& one, const State& other) {
  return count_common(one.values, other.values) + count_common(one.facts, other.facts) +
         (one.returned == other.returned ? 1 : 0);
}

// Keeps what both say. Returns whether `kept` has changed.
bool join(const Evaluator& evaluator, State& kept, State other) {
  const auto sizes = [&] { return std::tuple(kept.values.size(), kept.facts.size(), kept.done.size()); };
  const auto before = sizes();
  // What is only known not to be null is a fact on both sides.
  const std::vector<Fact> facts = kept.facts;
  evaluator.keep_not_null(kept, other);
  for (const Fact& fact : kept.facts) {
    if (std::ranges::find(facts, fact) == facts.end()) other.facts.push_back(fact);
  }
  std::erase_if(kept.values, [&](const auto& each) { return other.value_at(each.first) != each.second; });
  std::erase_if(kept.facts,
                [&](const Fact& fact) { return std::ranges::find(other.facts, fact) == other.facts.end(); });
  std::erase_if(kept.done, [&](const auto& each) {
    return std::ranges::find(other.done, each.first, &std::pair<PathId, TraceId>::first) == other.done.end();
  });
  bool changed = sizes() != before;
  const size_t awaited = kept.awaited.size();
  std::erase_if(kept.awaited,
                [&](PathId each) { return std::ranges::find(other.awaited, each) == other.awaited.end(); });
  changed |= kept.awaited.size() != awaited;
  const size_t failed = kept.failed.size();
  std::erase_if(kept.failed, [&](const auto& each) { return !std::ranges::count(other.failed, each); });
  changed |= kept.failed.size() != failed;
  if (kept.has_thrown && !other.has_thrown) {
    kept.has_thrown = false;
    changed = true;
  }
  const size_t joined = kept.joined.size();
  std::erase_if(kept.joined, [&](PathId each) { return !std::ranges::count(other.joined, each); });
  changed |= kept.joined.size() != joined;
  if (kept.has_joined && !other.has_joined) {
    kept.has_joined = false;
    changed = true;
  }
  for (const auto& [lock, by] : other.unsure) {
    changed |= !kept.is_unsure(lock);
    kept.set_unsure(lock, by);
  }
  for (const PathId each : other.escaped) {
    const size_t known = kept.escaped.size();
    kept.let_go(each);
    changed |= kept.escaped.size() != known;
  }
  for (const RunningThread& thread : other.alive) {
    if (std::ranges::find(kept.alive, thread) != kept.alive.end()) continue;
    kept.alive.push_back(thread);
    changed = true;
  }
  if (kept.returned != other.returned && kept.returned) {
    kept.returned = {};
    changed = true;
  }
  return changed;
}

class Flow {
 public:
  Flow(Shared& shared, FunctionId id)
      : shared_(shared), id_(id), function_(shared.program.function(id)), interpreter_(shared, id) {
    order_blocks();
    states_.resize(function_.blocks.size());
    visits_.resize(function_.blocks.size());
  }

  FunctionResult run() {
    FunctionResult result;
    if (function_.blocks.empty()) return result;
    states_[0].push_back(interpreter_.entry());
    std::set<uint32_t> work{position_[0]};
    while (!work.empty() && steps_ < kMostSteps) {
      const uint32_t block = order_[*work.begin()];
      work.erase(work.begin());
      ++visits_[block];
      for (const uint32_t next : flow_from(block)) work.insert(position_[next]);
    }
    if (steps_ >= kMostSteps) ++shared_.dropped;
    record(result);
    return result;
  }

 private:
  void order_blocks() {
    position_.assign(function_.blocks.size(), UINT32_MAX);
    std::vector<bool> seen(function_.blocks.size());
    std::vector<std::pair<uint32_t, size_t>> stack;
    if (function_.blocks.empty()) return;
    stack.emplace_back(0, 0);
    seen[0] = true;
    while (!stack.empty()) {
      auto& [block, edge] = stack.back();
      const std::vector<Edge>& edges = function_.blocks[block].edges;
      if (edge < edges.size()) {
        const uint32_t next = edges[edge++].to;
        if (next < seen.size() && !seen[next]) {
          seen[next] = true;
          stack.emplace_back(next, 0);
        }
        continue;
      }
      order_.push_back(block);
      stack.pop_back();
    }
    std::reverse(order_.begin(), order_.end());
    for (uint32_t i = 0; i < order_.size(); ++i) position_[order_[i]] = i;
  }

  std::vector<State> through(uint32_t block, Recorder* recorder) {
    std::vector<State> states = states_[block];
    const std::vector<Op>& ops = function_.blocks[block].ops;
    for (uint32_t i = 0; i < ops.size(); ++i) {
      steps_ += states.size();
      const size_t before = states.size();
      interpreter_.step(ops[i], block, i, states, recorder);
      if (states.size() > before) fold(states);
      if (states.size() > kMostLockStates * 2) {
        // Splits within one block, of tries after tries.
        shared_.dropped += states.size() - kMostLockStates;
        states.resize(kMostLockStates);
      }
    }
    return states;
  }

  // After a call that has several ways out: those that differ in nothing are one, and where there are too
  // many, those with the same locks.
  void fold(std::vector<State>& states) const {
    std::vector<State> kept;
    const bool by_locks = states.size() > kMostStates * 2;
    for (State& state : states) {
      const auto same = std::ranges::find_if(kept, [&](const State& each) {
        return same_locks(each, state) && (by_locks || same_knowledge(each, state));
      });
      if (same == kept.end()) {
        kept.push_back(std::move(state));
      } else {
        join(shared_.evaluator, *same, std::move(state));
      }
    }
    states = std::move(kept);
  }

  std::vector<uint32_t> flow_from(uint32_t block) {
    std::vector<uint32_t> changed;
    const std::vector<State> states = through(block, nullptr);
    for (const Edge& edge : function_.blocks[block].edges) {
      if (edge.to >= states_.size()) continue;
      const bool is_back = position_[edge.to] <= position_[block];
      bool any = false;
      for (const State& state : states) {
        if (!shared_.evaluator.may_hold(state, edge.test)) continue;
        State next = state;
        shared_.evaluator.learn(next, edge.test);
        // What was tested in one round of a loop says nothing of the next.
        if (is_back)
          std::erase_if(next.facts, [&](const Fact& fact) { return !shared_.evaluator.outlasts_loop(fact); });
        any |= add(edge.to, std::move(next));
      }
      if (any) changed.push_back(edge.to);
    }
    return changed;
  }

  // Where locks are handled, paths are told apart by what was tested on them, too; elsewhere only the ways
  // out, by what they return.
  bool keeps_apart(uint32_t block, const State& one, const State& other) const {
    if (visits_[block] >= kMostVisits || steps_ >= kMostSteps / 2) return false;
    return interpreter_.handles_locks() ||
           (block + 1 == function_.blocks.size() &&
            (one.returned != other.returned || one.has_thrown != other.has_thrown));
  }

  // Whether the block knows more states than before, or less of one.
  bool add(uint32_t block, State state) {
    std::vector<State>& known = states_[block];
    State* alike = nullptr;
    for (State& each : known) {
      if (!same_locks(each, state)) continue;
      if (same_knowledge(each, state)) return join(shared_.evaluator, each, std::move(state));
      if (!keeps_apart(block, each, state)) return join(shared_.evaluator, each, std::move(state));
      if (alike == nullptr || common_knowledge(each, state) > common_knowledge(*alike, state)) alike = &each;
    }
    if (alike != nullptr && known.size() >= kMostStates)
      return join(shared_.evaluator, *alike, std::move(state));
    if (known.size() >= kMostLockStates) {
      ++shared_.dropped;
      return false;
    }
    known.push_back(std::move(state));
    return true;
  }

  void record(FunctionResult& result) {
    Recorder recorder{&result.events, &result.effects};
    // Where states were joined or left out, what only some of them say is no evidence.
    const size_t dropped = shared_.dropped;
    for (const uint32_t block : order_) {
      if (!states_[block].empty()) through(block, &recorder);
    }
    const uint32_t last = static_cast<uint32_t>(function_.blocks.size() - 1);
    record_exits(result, states_[last]);
    judge_exits(result, states_[last]);
    judge_elements(result, states_[last]);
    interpreter_.note_given_back(states_[last]);
    if (shared_.dropped == dropped) {
      for (UnlockNotHeld& each : interpreter_.released_unheld())
        result.events.unlocks_not_held.push_back(each);
    }
    for (Wait& wait : result.events.waits) judge_wait(wait, result);
    compact(result.events);
  }

  // A lock that this function releases on another way, and does not tell by its result, is not what callers
  // are to have: it has been told of, or is on no way that there is.
  void contain(State& state, const std::vector<State>& states, std::vector<PathId>& kept_back) const {
    std::erase_if(state.holds, [&](const Hold& hold) {
      if (hold.by_contract || hold.adopted || is_promised(hold.lock)) return false;
      if (!interpreter_.released_here().contains(hold.lock)) return false;
      const auto other = std::ranges::find_if(states, [&](const State& each) {
        return std::ranges::none_of(each.holds, [&](const Hold& held) { return held.lock == hold.lock; });
      });
      if (other == states.end() || tells_by_result(state, *other)) return false;
      const PathId lock = interpreter_.outward(hold.lock);
      if (std::ranges::find(kept_back, lock) == kept_back.end()) kept_back.push_back(lock);
      return true;
    });
    std::erase_if(state.released,
                  [&](const Hold& hold) { return interpreter_.released_here().contains(hold.lock); });
  }

  void record_exits(FunctionResult& result, std::vector<State> states) {
    std::vector<State> contained = states;
    for (State& state : contained) contain(state, states, result.effects.kept_back);
    states = std::move(contained);
    std::vector<Exit>& exits = result.effects.exits;
    for (const State& state : states) exits.push_back(interpreter_.exit_of(state));
    const auto join_exits = [&](bool by_value) {
      std::vector<Exit> fewer;
      for (Exit& exit : exits) add_exit(fewer, std::move(exit), by_value);
      exits = std::move(fewer);
    };
    // What tells the ways apart that lock from those that do not is of use to callers.
    const bool changes_locks = std::ranges::any_of(exits, &Exit::changes_locks);
    if (!changes_locks || exits.size() > kMostExits) join_exits(true);
    if (exits.size() > kMostExits) join_exits(false);
    if (exits.size() > kMostExits) {
      shared_.dropped += exits.size() - kMostExits;
      exits.resize(kMostExits);
    }
    tell_pointers_from_null(exits);
  }

  // Ways out that do the same to locks and return the same are one, with what is so on all of them.
  static void add_exit(std::vector<Exit>& exits, Exit exit, bool by_value) {
    const auto same = std::ranges::find_if(exits, [&](const Exit& each) {
      const bool returns_same = each.value == exit.value && each.returns_fresh == exit.returns_fresh;
      return same_holds(each.taken, exit.taken) && same_holds(each.released, exit.released) &&
             each.guards == exit.guards && each.is_thrown == exit.is_thrown &&
             each.returns_guard == exit.returns_guard && each.returned == exit.returned &&
             (returns_same || !by_value);
    });
    if (same == exits.end()) return exits.push_back(std::move(exit));
    std::erase_if(same->facts, [&](const Fact& each) { return !std::ranges::count(exit.facts, each); });
    std::erase_if(same->stores, [&](const auto& each) { return !std::ranges::count(exit.stores, each); });
    if (same->value != exit.value) same->value = {};
    same->returns_fresh = same->returns_fresh && exit.returns_fresh;
    std::erase_if(same->joined, [&](PathId each) { return !std::ranges::count(exit.joined, each); });
    for (const FunctionId each : exit.started) {
      if (!std::ranges::count(same->started, each)) same->started.push_back(each);
    }
  }

  // Where one way out returns null and another a pointer, the pointer is taken not to be null.
  void tell_pointers_from_null(std::vector<Exit>& exits) const {
    Path null;
    null.root = Root::kConstant;
    const PathId zero = shared_.program.path(std::move(null));
    const bool has_null = std::ranges::any_of(exits, [&](const Exit& exit) { return exit.value == zero; });
    if (!has_null || !returns_truth()) return;
    for (Exit& exit : exits) {
      if (exit.value && shared_.program.path(exit.value).root != Root::kConstant)
        exit.facts.push_back({PathId{}, Test::Kind::kNotEqual, zero});
    }
  }

  bool is_promised(PathId lock) const {
    return std::ranges::any_of(function_.contracts, [&](const Contract& contract) {
      const bool leaves =
          contract.kind == Contract::Kind::kAcquire || contract.kind == Contract::Kind::kTryAcquire;
      return leaves && shared_.program.path(contract.lock) == lock;
    });
  }

  // Whether coming back with the lock is what the function is for: it says by its result whether it has it.
  bool tells_by_result(const State& with, const State& without) const {
    if (!with.returned || !without.returned || with.returned == without.returned) return false;
    const Path& one = shared_.program.path(with.returned);
    const Path& other = shared_.program.path(without.returned);
    const auto is_zero = [](const Path& path) {
      return path.root == Root::kConstant && path.elements.empty() && path.number == 0;
    };
    const auto is_number = [](const Path& path) {
      return path.root == Root::kConstant && path.elements.empty();
    };
    // A pointer or true with the lock, null or false without.
    if (is_zero(other) && !is_zero(one)) {
      const bool is_error = is_number(one) && static_cast<int32_t>(one.number) < 0;
      return !is_error && returns_truth();
    }
    // 0 with the lock, an error code without; 1 is success as often as not.
    return is_zero(one) && is_number(other) && other.number != 1 && !returns_truth();
  }

  bool returns_truth() const { return (function_.flags & function_flags::kReturnsTruth) != 0; }

  void judge_exits(FunctionResult& result, const std::vector<State>& states) {
    for (const State& state : states) {
      for (const Hold& hold : state.holds) {
        if (hold.by_contract || hold.adopted || hold.stale || hold.kind == LockKind::kSemaphore) continue;
        if (state.is_unsure(hold.lock) || hold.maybe) continue;
        if (shared_.program.path(hold.lock).root == Root::kUnknown) continue;
        const auto released = interpreter_.released_here().find(hold.lock);
        if (is_promised(hold.lock)) continue;
        const bool is_guarded = std::ranges::any_of(state.guards, [&](const auto& each) {
          return each.second.owns == Guard::Owns::kYes &&
                 std::ranges::find(each.second.locks, hold.lock) != each.second.locks.end();
        });
        if (is_guarded) continue;
        const Place left_at = state.has_returned ? state.left_at : function_.end;
        if (released == interpreter_.released_here().end()) {
          if (!hold.from && !state.has_thrown)
            result.events.held_at_end.push_back({id_, hold, left_at, {}, true});
          continue;
        }
        const auto other = std::ranges::find_if(states, [&](const State& each) {
          return std::ranges::none_of(each.holds, [&](const Hold& held) { return held.lock == hold.lock; });
        });
        if (other == states.end() || tells_by_result(state, *other)) continue;
        result.events.missing_unlocks.push_back({id_, hold, left_at, released->second, false});
      }
    }
  }

  // One element of an array is held at the end, and another was released in its place.
  void judge_elements(FunctionResult& result, const std::vector<State>& states) const {
    for (const State& state : states) {
      for (const Hold& given : state.released) {
        const bool is_exchanged = std::ranges::any_of(state.holds, [&](const Hold& hold) {
          return !hold.by_contract && !hold.adopted && !hold.from && !state.is_unsure(hold.lock) &&
                 interpreter_.differ_in_index(hold.lock, given.lock);
        });
        if (is_exchanged && !shared_.traces[given.trace].next)
          result.events.unlocks_not_held.push_back(
              {id_, given.lock, given.kind, given.trace, {}, UnlockNotHeld::By::kRelease});
      }
    }
  }

  // A wait is tested again when the way from it leads back to it within the critical section.
  void judge_wait(Wait& wait, FunctionResult& result) {
    const Hold* hold = nullptr;
    for (const Hold& each : wait.holds) {
      if (each.lock == wait.mutex) hold = &each;
    }
    const bool taken_here = hold != nullptr && !hold->adopted && !hold->by_contract;
    if (!wait.tested_again)
      wait.tested_again = reaches(wait.block, wait.block, taken_here ? hold : nullptr, wait);
    if (!wait.tested_again && !taken_here && !can_avoid(wait.block)) {
      const std::vector<WaitingCall>& known = result.effects.waits;
      if (known.size() < 8)
        result.effects.waits.push_back(
            {interpreter_.outward(wait.condition), interpreter_.outward(wait.mutex), wait.trace, wait.timed});
    }
  }

  bool reaches(uint32_t from, uint32_t to, const Hold* without, const Wait& wait) const {
    if (without != nullptr && without->block == to && without->op < wait.op) return false;
    std::vector<bool> seen(function_.blocks.size());
    std::vector<uint32_t> open;
    for (const Edge& edge : function_.blocks[from].edges) open.push_back(edge.to);
    while (!open.empty()) {
      const uint32_t block = open.back();
      open.pop_back();
      if (block == to) return true;
      if (block >= seen.size() || seen[block]) continue;
      seen[block] = true;
      if (without != nullptr && without->block == block) continue;
      for (const Edge& edge : function_.blocks[block].edges) open.push_back(edge.to);
    }
    return false;
  }

  // Whether the function can be left without coming by this block.
  bool can_avoid(uint32_t avoided) const {
    std::vector<bool> seen(function_.blocks.size());
    std::vector<uint32_t> open{0};
    while (!open.empty()) {
      const uint32_t block = open.back();
      open.pop_back();
      if (block == avoided || block >= seen.size() || seen[block]) continue;
      seen[block] = true;
      if (block + 1 == function_.blocks.size()) return true;
      for (const Edge& edge : function_.blocks[block].edges) open.push_back(edge.to);
    }
    return false;
  }

  // What several states say of one place becomes one: only what all of them hold is held.
  static void keep_common(std::vector<Hold>& kept, const std::vector<Hold>& other) {
    std::erase_if(kept, [&](const Hold& hold) {
      return std::ranges::none_of(other, [&](const Hold& each) { return each.lock == hold.lock; });
    });
  }

  static std::set<PathId> locks_of(const std::vector<Hold>& holds) {
    std::set<PathId> locks;
    for (const Hold& hold : holds) locks.insert(hold.lock);
    return locks;
  }

  template <typename Event, typename Key, typename Join>
  static void unify(std::vector<Event>& events, Key key, Join join_two) {
    std::map<decltype(key(events.front())), size_t> known;
    std::vector<Event> result;
    for (Event& event : events) {
      const auto [place, is_new] = known.try_emplace(key(event), result.size());
      if (is_new) {
        result.push_back(std::move(event));
      } else {
        join_two(result[place->second], event);
      }
    }
    events = std::move(result);
  }

  static void compact(Events& events) {
    unify(
        events.accesses,
        [](const Access& each) {
          return std::tuple(each.place, each.path, each.write, each.member, locks_of(each.holds));
        },
        [](Access& kept, const Access& other) {
          keep_common(kept.holds, other.holds);
          kept.fresh = kept.fresh && other.fresh;
          kept.after_join = kept.after_join && other.after_join;
          std::erase_if(kept.joined, [&](PathId each) { return !std::ranges::count(other.joined, each); });
          std::erase_if(kept.awaited, [&](PathId each) {
            return std::ranges::find(other.awaited, each) == other.awaited.end();
          });
          kept.alive.insert(kept.alive.end(), other.alive.begin(), other.alive.end());
        });
    unify(
        events.calls,
        [](const CallSite& each) {
          return std::tuple(each.place, each.callee, each.object, each.arguments, locks_of(each.holds));
        },
        [](CallSite& kept, const CallSite& other) {
          keep_common(kept.holds, other.holds);
          kept.escaped.insert(kept.escaped.end(), other.escaped.begin(), other.escaped.end());
          kept.alive.insert(kept.alive.end(), other.alive.begin(), other.alive.end());
        });
    unify(
        events.orders,
        [](const Order& each) {
          return std::tuple(each.from, each.to, each.from_shared, each.to_shared, each.from_trace,
                            each.to_trace);
        },
        [](Order& kept, const Order& other) {
          std::erase_if(kept.guards, [&](PathId guard) {
            return std::ranges::find(other.guards, guard) == other.guards.end();
          });
          if (kept.chosen == Chosen::kNot || other.chosen == Chosen::kNot) {
            kept.chosen = Chosen::kNot;
          } else if (kept.chosen != other.chosen) {
            kept.chosen = Chosen::kSomehow;
          }
          kept.maybe = kept.maybe && other.maybe;
          std::erase_if(kept.joined, [&](PathId each) { return !std::ranges::count(other.joined, each); });
          kept.alive.insert(kept.alive.end(), other.alive.begin(), other.alive.end());
        });
    const auto first = [](auto&, const auto&) {};
    unify(
        events.double_locks, [](const DoubleLock& each) { return std::tuple(each.held.lock, each.again); },
        first);
    for (std::vector<MissingUnlock>* each : {&events.missing_unlocks, &events.held_at_end}) {
      unify(
          *each, [](const MissingUnlock& one) { return std::tuple(one.held.lock, one.left_at); }, first);
    }
    for (std::vector<UnlockNotHeld>* each : {&events.unlocks_not_held, &events.unheld_by_caller}) {
      unify(
          *each, [](const UnlockNotHeld& one) { return std::tuple(one.lock, one.trace); }, first);
    }
    unify(
        events.waits, [](const Wait& each) { return std::tuple(each.condition, each.mutex, each.trace); },
        [](Wait& kept, const Wait& other) { keep_common(kept.holds, other.holds); });
    unify(
        events.blocked,
        [](const BlockedUnderLock& each) { return std::tuple(each.call.what, each.call.trace); }, first);
    unify(
        events.suspensions, [](const Suspension& each) { return each.trace; }, first);
    unify(
        events.unnamed_guards, [](const UnnamedGuard& each) { return each.place; }, first);
    unify(
        events.starts, [](const ThreadStart& each) { return std::tuple(each.place, each.entry); },
        [](ThreadStart& kept, const ThreadStart& other) {
          kept.alive.insert(kept.alive.end(), other.alive.begin(), other.alive.end());
        });
  }

  Shared& shared_;
  FunctionId id_;
  const Function& function_;
  Interpreter interpreter_;
  std::vector<uint32_t> order_;     // blocks in reverse postorder
  std::vector<uint32_t> position_;  // of a block in it
  std::vector<std::vector<State>> states_;
  std::vector<size_t> visits_;
  size_t steps_ = 0;
};

}  // namespace

FunctionResult analyse_function(Shared& shared, FunctionId function) {
  return Flow(shared, function).run();
}

}  // namespace gordian::check
