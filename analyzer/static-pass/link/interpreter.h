// One step of a function at a time: what an operation does to what is known.
//
// Promises: `step` changes nothing but the states it is given, as long as nothing is recorded; the effects of
// called functions are those known by then. With a Recorder, everything that the checks judge is written
// down.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "analyzer/static-pass/link/effects.h"
#include "analyzer/static-pass/link/keepers.h"
#include "analyzer/static-pass/link/program.h"
#include "analyzer/static-pass/link/state.h"
#include "analyzer/static-pass/link/traces.h"
#include "analyzer/static-pass/models/models.h"

namespace gordian::check {

// What the whole program's analysis shares.
struct Shared {
  Program& program;
  const Models& models;
  const Values& values;
  Evaluator evaluator;
  Keepers keepers;
  Traces traces;
  std::vector<Effects> effects;      // by function
  std::set<PathId> recursive_locks;  // initialised as such
  std::set<PathId> recursive_attributes;
  std::set<PathId> checking_locks;  // that refuse who has them already
  std::set<PathId> checking_attributes;
  std::set<FunctionId> handed_over;        // functions whose lock a caller releases
  std::set<FunctionId> escaped;            // run some time, by whoever
  std::set<PathId> several_units;          // semaphores with more than one
  std::set<FunctionId> once;               // run by a once routine
  std::map<Symbol, Symbol> lock_of_class;  // of classes that wrap one: the field
  std::set<Symbol> called;                 // functions that are called by name
  size_t dropped = 0;                      // facts beyond a cap
  Shared(Program& p, const Models& m, const Values& v)
      : program(p), models(m), values(v), evaluator(p, v), keepers(p, v) {
    for (const Field* field : p.fields()) {
      if (models.is_lock_class(p.text(field->type)) && p.is_wrapped(*field))
        lock_of_class[field->owner] = field->key;
    }
    for (const Function& function : p.functions()) {
      for (const Block& block : function.blocks) {
        for (const Op& op : block.ops) {
          if (op.kind == OpKind::kCall && op.callee) called.insert(op.callee);
        }
      }
    }
  }
};

struct Recorder {
  Events* events = nullptr;
  Effects* effects = nullptr;
};

class Interpreter {
 public:
  Interpreter(Shared& shared, FunctionId function);

  State entry() const;
  // `recorder` may be null. States that cannot go on are left out, others split.
  void step(const Op& op, uint32_t block, uint32_t index, std::vector<State>& states, Recorder* recorder);
  Exit exit_of(const State& state) const;
  // A path as callers know it.
  PathId outward(PathId path) const;

  // Whether states should be kept apart here: only where locks are handled.
  bool handles_locks() const { return handles_locks_; }

  // Whether they are elements of one array, by different indices.
  bool differ_in_index(PathId one, PathId other) const;

  // The function's ends, for what follows.
  void note_given_back(const std::vector<State>& ends);

  // Releases on paths that do not hold the lock, where other paths do.
  std::vector<UnlockNotHeld> released_unheld() const;

  // Locks that this function took and released again, and where; of the last recorded pass.
  const std::map<PathId, Place>& released_here() const { return released_here_; }

 private:
  struct Operands {
    PathId object;
    std::vector<PathId> arguments;
    PathId object_location;
    std::vector<PathId> locations;  // of the arguments
  };
  struct Context {
    const Op& op;
    uint32_t block;
    uint32_t index;
    Recorder* recorder;
    Operands operands;
  };

  void call(Context& context, State state, std::vector<State>& out);
  void forget_passed_scalars(const Op& op, State& state) const;
  PathId assigned_value(const Op& op, const State& state) const;
  void assign(const Op& op, State& state);
  void access(Context& context, State& state);

  bool compare(Context& context, State& state, std::vector<State>& out);

  // By models.
  const Model* model_of(const Op& op) const;
  void apply_model(Context& context, const Model& model, State state, std::vector<State>& out);
  void try_locks(Context& context, const Model& model, const std::vector<PathId>& locks, State state,
                 std::vector<State>& out);
  bool guard_call(Context& context, State& state, std::vector<State>& out);
  void construct_guard(Context& context, const Model& model, State state, std::vector<State>& out);
  void guard_member(Context& context, const Model& model, std::string_view member, State state,
                    std::vector<State>& out);
  void start_thread(Context& context, PathId function, std::vector<PathId> arguments, PathId variable,
                    State& state);
  void join(PathId variable, State& state) const;
  void wait(Context& context, const Model& model, State& state);

  // Locks.
  struct Taking {
    PathId lock;
    LockKind kind = LockKind::kMutex;
    bool shared = false;
    bool recursive = false;
    bool timed = false;
    bool tried = false;
    TraceId trace;
    FunctionId from;
    std::vector<PathId> released;
    Conditions when;  // in a called function, of this one's parameters
  };
  void take(Context& context, State& state, const Taking& taking, bool keep);
  void release(Context& context, State& state, PathId lock, LockKind kind, TraceId trace);
  void wait_unheld(const Context& context, const State& state, PathId mutex);
  void end_thread(const Context& context, const State& state);
  void meet_exclusions(Context& context, const State& state);
  PathId thread_variable(PathId variable) const;
  void choose(const State& state, Order& order) const;
  void meet(Context& context, const State& state, const Taking& taking, bool reacquired);
  bool is_recursive(PathId lock, const Model& model, Symbol type) const;
  PathId inner_lock(PathId lock) const;
  bool is_checked(PathId lock, const Op& op) const;
  bool is_definite(PathId lock) const;
  bool takes_on_some_way(FunctionId function) const;
  bool is_reference(PathId path) const;

  // By attributes, of what is declared with them and not defined, or defined in terms that are not known.
  bool calls_what_handles_locks(const Op& op) const;
  const std::vector<Contract>* contracts_for(const Op& op, const std::vector<FunctionId>& functions) const;
  void apply_contracts(Context& context, const std::vector<Contract>& contracts, State state,
                       std::vector<State>& out);

  // Called functions.
  void leave_to_caller(Context& context, Callback callback);
  std::vector<FunctionId> callees(const Context& context, const State& state) const;
  bool is_known_by_object(PathId function, const std::vector<FunctionId>& candidates) const;
  void let_go_of_kept(const Context& context, const std::vector<FunctionId>& functions, State& state) const;
  void note_unnamed_guard(Context& context, FunctionId callee, const State& state);
  bool is_only_destroyed(uint32_t result) const;
  using ExitsOfCallees = std::vector<std::pair<FunctionId, const Exit*>>;
  static void leave_out_idle_twins(ExitsOfCallees& exits);
  void leave_out_missing_locks(ExitsOfCallees& exits) const;
  bool is_told_by_result(const Exit& one, const Exit& other) const;
  bool only_throws(FunctionId function) const;
  static bool is_told_by_tests(const Exit& one, const Exit& other);
  std::vector<std::pair<PathId, FunctionId>> unsure_after(const Context& context, const ExitsOfCallees& exits,
                                                          const State& state) const;
  void apply_functions(Context& context, const std::vector<FunctionId>& functions, State state,
                       std::vector<State>& out);
  void record_effects(Context& context, FunctionId callee, const State& state, int depth);
  void record_callback(Context& context, FunctionId callee, const Callback& callback, const State& state,
                       int depth);
  State after_exit(Context& context, FunctionId callee, const Exit& exit, State state);
  bool releases_unheld(const Context& context, FunctionId callee, const Exit& exit, const State& state) const;
  void learn_of_exit(const Context& context, FunctionId callee, const Exit& exit, const State& before,
                     State& state) const;
  bool exit_fits(const Context& context, FunctionId callee, const Exit& exit, const State& state) const;
  PathId in_caller(const Context& context, FunctionId callee, PathId path, const State& state) const;
  Path with_known_indices(const Context& context, FunctionId callee, Path path) const;
  std::vector<Fact> tested_of_parameters(const State& state) const;
  Conditions conditions_of(const State& state, const Conditions& inner) const;
  Conditions passed_on(const Context& context, FunctionId callee, const Conditions& inner,
                       const State& state) const;
  static void add_conditions(Conditions& conditions, const Conditions& more);
  template <typename T>
  static void keep_common(std::vector<T>& kept, const std::vector<T>& other);
  bool can_come(const Context& context, FunctionId callee, const Conditions& conditions,
                const State& state) const;
  bool can_be(const Context& context, FunctionId callee, const std::vector<Fact>& when,
              const State& state) const;
  void block_under(Context& context, const State& state, BlockingCall call);
  std::vector<PathId> all_released(const Context& context, FunctionId callee,
                                   const std::vector<PathId>& inner, const State& state) const;
  std::vector<FunctionId> alive_in(const State& state) const;

  TraceId here(const Context& context, TraceId next = {});

  Shared& shared_;
  Program& program_;
  FunctionId id_;
  const Function& function_;
  bool handles_locks_ = false;
  std::map<PathId, Place> released_here_;
  struct Unheld {
    PathId lock;
    LockKind kind = LockKind::kMutex;
    TraceId trace;
  };
  std::map<std::pair<uint32_t, uint32_t>, Unheld> unheld_;  // releases by a state that did not hold it
  std::set<std::pair<uint32_t, uint32_t>> held_;            // releases by one that did
  std::set<PathId> given_back_;                             // the caller's, released and taken again
  std::set<Path> posted_;                                   // semaphores, as they are written
};

}  // namespace gordian::check
