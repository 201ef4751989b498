// What is known at one point of a function, on some of the paths that lead there.
//
// Promises: a value; two states that are equal say the same. A location that is not in `values` stands for
// itself.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "analyzer/static-pass/link/effects.h"
#include "analyzer/static-pass/link/program.h"
#include "analyzer/static-pass/link/values.h"

namespace gordian::check {

struct RunningThread {
  PathId variable;  // 0: not known
  FunctionId entry;
  auto operator<=>(const RunningThread&) const = default;
};

struct State {
  std::vector<std::pair<PathId, PathId>> values;  // sorted by location
  std::vector<Hold> holds;                        // in the order of acquisition
  std::vector<std::pair<PathId, Guard>> guards;
  std::vector<Fact> facts;
  std::vector<Hold> released;                    // of the caller's
  std::vector<std::pair<PathId, TraceId>> done;  // taken and released again
  std::vector<RunningThread> alive;
  // Locks that a called function may or may not have taken or released.
  std::vector<std::pair<PathId, FunctionId>> unsure;
  std::vector<PathId> awaited;  // events and flags that said that another thread has come so far
  std::vector<PathId> escaped;  // objects made here that others can have seen by now
  PathId returned;
  bool has_returned = false;
  std::vector<PathId> joined;  // globals that threads were known by, whose end was waited for; sorted
  bool has_joined = false;     // some thread
  bool has_thrown = false;     // an exception leaves the function
  std::vector<std::pair<PathId, TraceId>> failed;  // locks that were tried in vain, and not taken since
  Place left_at;

  Hold* find_hold(PathId lock);
  const Guard* find_guard(PathId object) const;
  void set_guard(PathId object, Guard guard);
  void drop_guard(PathId object);
  std::optional<PathId> value_at(PathId location) const;
  void set_value(PathId location, PathId value);
  void forget_value(PathId location);
  void let_go(PathId object);
  bool is_unsure(PathId lock) const;
  void set_unsure(PathId lock, FunctionId by);
  FunctionId forget_unsure(PathId lock);  // by whom it was
  void add_fact(const Fact& fact);
  void synchronise(PathId object);
};

// The element by which a guard's lock is called where the guard itself is not known: a parameter, a member.
const char* guarded_element();

class Evaluator {
 public:
  Evaluator(Program& program, const Values& values);

  // The path with everything known put in: pointers by what they point to, guards by their locks.
  PathId value_of(const State& state, const Path& path) const;
  // Of a place to be written: all but its last step is evaluated.
  PathId location_of(const State& state, const Path& path) const;

  // The lock of a guard that is not known, as a path.
  PathId lock_of_unknown_guard(PathId object) const;

  // Whether the test can hold; when it can, what follows from it.
  bool may_hold(const State& state, const Test& test) const;
  void learn(State& state, const Test& test) const;

  // Whether it holds; nothing when that is not known.
  std::optional<bool> decided(const State& state, Test test) const;

  // What was tested of one variable is so of another that becomes the same.
  void copy_facts(State& state, const Path& from, PathId to) const;

  // Whether the fact can be kept from one round of a loop to the next.
  bool outlasts_loop(const Fact& fact) const;

  // Before two states become one: of a pointer that leads to different places in them, neither of them null,
  // it is kept that it is not null.
  void keep_not_null(State& kept, const State& other) const;

  // Whether `whole` is `part`, or reached through it.
  bool starts_with(PathId whole, PathId part) const;

  // Forgets what is no longer so when something is written; of a pointer, what was reached through it too.
  void overwrite(State& state, PathId location, bool is_pointer) const;

  Element guarded() const { return guarded_; }

 private:
  std::optional<PathId> step(const State& state, const Path& path) const;
  std::optional<bool> decide(const State& state, PathId left, Test::Kind kind, PathId right) const;
  std::optional<bool> decide_number(const State& state, PathId left, Test::Kind kind, int64_t right) const;

  Program& program_;
  const Values& values_;
  Element guarded_;
};

}  // namespace gordian::check
