// Acquisition, release, guards and condition waits.
#include <algorithm>

#include "analyzer/static-pass/link/interpreter.h"

namespace gordian::check {
namespace {

constexpr size_t kMostAcquisitions = 160;
constexpr size_t kMostBlocking = 48;
constexpr size_t kMostConditions = 6;

bool is_tag(std::string_view type) {
  return type == "std::defer_lock_t" || type == "std::try_to_lock_t" || type == "std::adopt_lock_t" ||
         type == "boost::defer_lock_t" || type == "boost::try_to_lock_t" || type == "boost::adopt_lock_t";
}

Path without_indices(Path path) {
  for (Element& element : path.elements) {
    if (element.kind == Element::Kind::kIndex) element.name = {};
  }
  return path;
}

bool is_time(std::string_view type) {
  return type.find("chrono") != std::string_view::npos || type == "timespec";
}

}  // namespace

bool Interpreter::is_recursive(PathId lock, const Model& model, Symbol type) const {
  if (model.recursive || shared_.models.is_recursive(program_.text(type)) ||
      shared_.recursive_locks.contains(outward(lock)))
    return true;
  const Path& path = program_.path(lock);
  for (auto element = path.elements.rbegin(); element != path.elements.rend(); ++element) {
    if (element->kind != Element::Kind::kField) continue;
    const Field* field = program_.field(element->name);
    if (field != nullptr && shared_.models.is_recursive(program_.text(field->type))) return true;
    Path by_class;
    by_class.elements = {*element};
    return shared_.recursive_locks.contains(program_.path(by_class));
  }
  if (path.root == Root::kGlobal) {
    const Variable* global = program_.global(path.name);
    if (global == nullptr) return false;
    return global->mutex_kind == 1 || shared_.models.is_recursive(program_.text(global->type));
  }
  const std::vector<Variable>* list = path.root == Root::kParameter             ? &function_.parameters
                                      : path.root == Root::kLocal && !path.name ? &function_.locals
                                                                                : nullptr;
  return list != nullptr && path.number < list->size() &&
         shared_.models.is_recursive(program_.text((*list)[path.number].type));
}

// Whether the lock refuses who has it already, and the program looks at what it says.
bool Interpreter::is_checked(PathId id, const Op& op) const {
  const Path& lock = program_.path(id);
  bool refuses = shared_.checking_locks.contains(outward(id));
  if (!lock.elements.empty() && lock.elements.back().kind == Element::Kind::kField) {
    Path by_class;
    by_class.elements = {lock.elements.back()};
    refuses |= shared_.checking_locks.contains(program_.path(by_class));
  }
  const Variable* global = lock.root == Root::kGlobal ? program_.global(lock.name) : nullptr;
  refuses |= global != nullptr && lock.elements.empty() && global->mutex_kind == 2;
  if (!refuses || op.result == 0) return false;
  const auto is_result = [&](const Path& path) {
    return path.root == Root::kResult && path.number == op.result;
  };
  return std::ranges::any_of(function_.blocks, [&](const Block& block) {
    return std::ranges::any_of(block.ops,
                               [&](const Op& each) {
                                 return std::ranges::any_of(
                                     each.arguments, is_result,
                                     [](const Value& value) -> const Path& { return value.path; });
                               }) ||
           std::ranges::any_of(block.edges, [&](const Edge& edge) {
             return is_result(edge.test.left) || is_result(edge.test.right);
           });
  });
}

// Whether equal paths mean the same lock.
bool Interpreter::is_definite(PathId lock) const {
  const Path& path = program_.path(lock);
  if (path.root == Root::kUnknown) return false;
  return std::ranges::none_of(path.elements, [](const Element& element) {
    return element.kind == Element::Kind::kIndex && !element.name;
  });
}

// What has been tested of parameters, against constants: the caller may know that it does not hold.
std::vector<Fact> Interpreter::tested_of_parameters(const State& state) const {
  std::vector<Fact> result;
  for (const Fact& fact : state.facts) {
    const Root root = program_.path(fact.left).root;
    if ((root == Root::kParameter || root == Root::kThis) &&
        program_.path(fact.right).root == Root::kConstant)
      result.push_back(fact);
  }
  return result;
}

// What must be so for a place to be reached from here, of which `inner` is known in a called function, in
// this one's terms.
Conditions Interpreter::conditions_of(const State& state, const Conditions& inner) const {
  const std::vector<Fact> own = tested_of_parameters(state);
  Conditions result;
  for (const std::vector<Fact>& each : inner) {
    std::vector<Fact> both = own;
    for (const Fact& fact : each) {
      if (std::ranges::find(both, fact) == both.end()) both.push_back(fact);
    }
    std::ranges::sort(both);
    if (both.empty()) return {};
    if (std::ranges::find(result, both) == result.end()) result.push_back(std::move(both));
  }
  if (inner.empty() && !own.empty()) result.push_back(own);
  return result;
}

// Other ways to come there. Of many, it is only said what all have in common.
void Interpreter::add_conditions(Conditions& conditions, const Conditions& more) {
  if (conditions.empty()) return;
  if (more.empty()) return conditions.clear();
  for (const std::vector<Fact>& when : more) {
    if (std::ranges::find(conditions, when) != conditions.end()) continue;
    conditions.push_back(when);
  }
  if (conditions.size() <= kMostConditions) return;
  std::vector<Fact> common = conditions.front();
  for (const std::vector<Fact>& when : conditions) keep_common(common, when);
  conditions.clear();
  if (!common.empty()) conditions.push_back(std::move(common));
}

template <typename T>
void Interpreter::keep_common(std::vector<T>& kept, const std::vector<T>& other) {
  std::erase_if(kept, [&](const T& each) { return std::ranges::find(other, each) == other.end(); });
}

bool Interpreter::differ_in_index(PathId one, PathId other) const {
  const Path& first = program_.path(one);
  const Path& second = program_.path(other);
  const Path blank = without_indices(first);
  return one != other && blank != first && blank != second && blank == without_indices(second);
}

// Whether something was compared that tells which of the two locks has to come first.
void Interpreter::choose(const State& state, Order& order) const {
  const auto is_of = [&](PathId value, PathId lock) {
    const Path& one = program_.path(value);
    const Path& other = program_.path(lock);
    return one.root == other.root && one.number == other.number && one.name == other.name;
  };
  for (const Fact& fact : state.facts) {
    const bool less = fact.kind == Test::Kind::kLess || fact.kind == Test::Kind::kLessOrEqual;
    const bool greater = fact.kind == Test::Kind::kGreater || fact.kind == Test::Kind::kGreaterOrEqual;
    if (!less && !greater) continue;
    // Of two elements of one array, the indices may well have been put in order by that test.
    if (differ_in_index(order.from, order.to) && order.chosen == Chosen::kNot)
      order.chosen = Chosen::kSomehow;
    const bool same_way = is_of(fact.left, order.from) && is_of(fact.right, order.to);
    const bool other_way = is_of(fact.right, order.from) && is_of(fact.left, order.to);
    if (!same_way && !other_way) continue;
    order.chosen = same_way == less ? Chosen::kLowerFirst : Chosen::kHigherFirst;
    if (same_way && other_way) order.chosen = Chosen::kSomehow;
    const Path& compared = program_.path(fact.left);
    order.chosen_by = compared.elements.empty() ? Symbol{} : compared.elements.back().name;
  }
}

// The lock is asked for where others are held: orders, a lock that is held already, what callers want to
// know.
void Interpreter::meet(Context& context, const State& state, const Taking& asked, bool reacquired) {
  if (context.recorder == nullptr) return;
  Taking taking = asked;
  taking.lock = program_.lock_of(asked.lock);
  for (PathId& each : taking.released) each = program_.lock_of(each);
  Events& events = *context.recorder->events;
  Effects& effects = *context.recorder->effects;
  const auto was_released = [&](PathId lock) {
    return std::ranges::find(taking.released, lock) != taking.released.end();
  };
  // Who has it already does not wait for it, or waits for ever: either way no order is learnt.
  const bool has_it = std::ranges::any_of(state.holds, [&](const Hold& hold) {
    return hold.lock == taking.lock && !hold.stale && !was_released(hold.lock) && is_definite(hold.lock);
  });
  for (const Hold& hold : state.holds) {
    if (was_released(hold.lock)) continue;
    if (hold.lock == taking.lock) {
      const bool only_reads = hold.shared && taking.shared;
      if (!reacquired && !taking.tried && !taking.timed && !taking.recursive && !hold.recursive &&
          !hold.maybe && !only_reads && !hold.stale && !state.is_unsure(hold.lock) &&
          is_definite(hold.lock) && taking.kind != LockKind::kSemaphore)
        events.double_locks.push_back({id_, hold, taking.trace});
      continue;
    }
    if (taking.tried || has_it) continue;
    Order order;
    order.from = hold.lock;
    order.to = taking.lock;
    order.from_kind = hold.kind;
    order.to_kind = taking.kind;
    order.from_shared = hold.shared;
    order.to_shared = taking.shared;
    order.timed = taking.timed;
    order.reacquired = reacquired;
    order.maybe = hold.maybe;
    order.from_trace = hold.trace;
    order.to_trace = taking.trace;
    order.in = id_;
    order.alive = alive_in(state);
    order.joined = state.joined;
    for (const Hold& other : state.holds) {
      if (other.lock != hold.lock && other.lock != taking.lock && !other.shared && !was_released(other.lock))
        order.guards.push_back(other.lock);
    }
    choose(state, order);
    events.orders.push_back(order);
  }
  if (taking.tried && !taking.timed) return;
  const PathId lock = outward(taking.lock);
  if (!lock) return;
  std::vector<PathId> released;
  for (const Hold& each : state.released) released.push_back(outward(each.lock));
  for (const PathId each : taking.released) released.push_back(outward(each));
  std::ranges::sort(released);
  released.erase(std::unique(released.begin(), released.end()), released.end());
  Conditions when = conditions_of(state, taking.when);
  // What the caller holds is still held on some way exactly when not all ways release it. Whether the lock
  // itself was given up before is told apart: those are other ways, under other conditions.
  const auto gives_up = [&](const std::vector<PathId>& all) { return std::ranges::count(all, lock) != 0; };
  const auto known = std::ranges::find_if(effects.acquisitions, [&](const Acquisition& each) {
    return each.lock == lock && each.shared == taking.shared && gives_up(each.released) == gives_up(released);
  });
  if (known != effects.acquisitions.end()) {
    // Shown is a way that depends on nothing, where there is one.
    if (!known->when.empty() && when.empty()) known->trace = taking.trace;
    add_conditions(known->when, when);
    return keep_common(known->released, released);
  }
  if (effects.acquisitions.size() >= kMostAcquisitions) {
    ++shared_.dropped;
    return;
  }
  effects.acquisitions.push_back({lock, taking.kind, taking.shared, taking.recursive, taking.timed,
                                  taking.trace, std::move(released), std::move(when)});
}

// What a function that is not seen says that its callers must not hold, it takes.
void Interpreter::meet_exclusions(Context& context, const State& state) {
  const std::vector<Contract>* contracts = program_.contracts_of(context.op.callee);
  if (context.recorder == nullptr || contracts == nullptr) return;
  for (const Contract& contract : *contracts) {
    if (contract.kind != Contract::Kind::kExcludes) continue;
    Taking taking;
    taking.lock = in_caller(context, id_, program_.path(contract.lock), state);
    taking.recursive = is_recursive(taking.lock, Model{}, {});
    taking.trace = here(context);
    if (taking.lock) meet(context, state, taking, false);
  }
}

void Interpreter::take(Context& context, State& state, const Taking& asked, bool keep) {
  if (!asked.lock) return;
  Taking taking = asked;
  taking.lock = program_.lock_of(asked.lock);
  meet(context, state, taking, false);
  if (!keep) return;
  state.forget_unsure(taking.lock);
  std::erase_if(state.failed, [&](const auto& each) { return each.first == taking.lock; });
  if (Hold* hold = state.find_hold(taking.lock)) {
    if (hold->count < 2) ++hold->count;
    // A lock that is not recursive is not come by here; of a parameter, the caller knows.
    const bool only_reads = hold->shared && taking.shared;
    const bool is_callers = program_.path(taking.lock).root == Root::kParameter;
    if (!only_reads && !is_callers && !taking.recursive && !hold->recursive) hold->maybe = true;
    return;
  }
  // Taking back what it gave up for its caller.
  const auto given = std::ranges::find(state.released, taking.lock, &Hold::lock);
  const bool is_callers = given != state.released.end();
  if (is_callers) state.released.erase(given);
  std::erase_if(state.done, [&](const auto& each) { return each.first == taking.lock; });
  Hold hold;
  hold.lock = taking.lock;
  hold.kind = taking.kind;
  hold.shared = taking.shared;
  hold.recursive = taking.recursive;
  hold.adopted = is_callers;
  hold.trace = taking.trace;
  hold.from = taking.from;
  hold.block = context.block;
  hold.op = context.index;
  state.holds.push_back(hold);
}

void Interpreter::release(Context& context, State& state, PathId asked, LockKind kind, TraceId trace) {
  if (!asked) return;
  const PathId lock = program_.lock_of(asked);
  const std::pair<uint32_t, uint32_t> at(context.block, context.index);
  const bool is_unsure = state.is_unsure(lock);
  const FunctionId unsure_by = state.forget_unsure(lock);
  if (Hold* hold = state.find_hold(lock)) {
    if (context.recorder != nullptr && !hold->by_contract && !hold->adopted) held_.insert(at);
    if (hold->count > 1) {
      --hold->count;
      return;
    }
    if (hold->from && context.recorder != nullptr) shared_.handed_over.insert(hold->from);
    if (context.recorder != nullptr && !hold->by_contract && !hold->adopted)
      released_here_.emplace(lock, context.op.place);
    if (hold->adopted || hold->by_contract) {
      Hold given = *hold;
      given.trace = trace;
      given.by_contract = false;
      state.released.push_back(given);
    }
    if (!hold->adopted && !hold->by_contract) state.done.emplace_back(lock, trace);
    std::erase_if(state.holds, [&](const Hold& each) { return each.lock == lock && !each.stale; });
    return;
  }
  // A function that comes back with it now and then has it released here.
  if (unsure_by && takes_on_some_way(unsure_by)) {
    if (context.recorder != nullptr) shared_.handed_over.insert(unsure_by);
    return;
  }
  // A lock that is named differently by now: the latest of its class.
  const Path& path = program_.path(lock);
  const auto same_class = [&](const Hold& hold) {
    const Path& held = program_.path(hold.lock);
    const bool vague = hold.stale || !is_definite(hold.lock) || !is_definite(lock);
    if (!vague) return false;
    if (path.elements.empty() || held.elements.empty())
      return path.root == held.root && path.name == held.name;
    if (path.elements.back().kind == Element::Kind::kIndex)
      return without_indices(path) == without_indices(held);
    return path.elements.back() == held.elements.back();
  };
  const auto place = std::find_if(state.holds.rbegin(), state.holds.rend(), same_class);
  if (place != state.holds.rend()) {
    // Which one a called function means is a guess: no other way has to release it for that.
    const bool is_own = !shared_.traces[trace].next;
    if (context.recorder != nullptr && is_own) released_here_.emplace(place->lock, context.op.place);
    if (place->from && context.recorder != nullptr) shared_.handed_over.insert(place->from);
    state.holds.erase(std::next(place).base());
    return;
  }
  const bool has_failed =
      std::ranges::find(state.failed, lock, &std::pair<PathId, TraceId>::first) != state.failed.end();
  if (has_failed && is_definite(lock) && !is_unsure) {
    if (context.recorder != nullptr)
      context.recorder->events->unlocks_not_held.push_back(
          {id_, lock, kind, trace, {}, UnlockNotHeld::By::kRelease});
    return;
  }
  const auto before = std::ranges::find(state.done, lock, &std::pair<PathId, TraceId>::first);
  if (before != state.done.end() && is_definite(lock) && kind != LockKind::kSemaphore) {
    if (context.recorder != nullptr && !is_unsure)
      context.recorder->events->unlocks_not_held.push_back(
          {id_, lock, kind, trace, before->second, UnlockNotHeld::By::kRelease});
    return;
  }
  if (kind == LockKind::kSemaphore) return;
  const auto known = std::ranges::find(state.released, lock, &Hold::lock);
  if (known != state.released.end()) {
    if (!known->stale && context.recorder != nullptr && is_definite(lock) && !is_unsure)
      context.recorder->events->unlocks_not_held.push_back(
          {id_, lock, kind, trace, known->trace, UnlockNotHeld::By::kRelease});
    known->stale = false;
    return;
  }
  if (context.recorder != nullptr && is_definite(lock) && !is_unsure) {
    unheld_.try_emplace(at, Unheld{lock, kind, trace});
    if (!shared_.traces[trace].next)
      context.recorder->events->unheld_by_caller.push_back(
          {id_, lock, kind, trace, {}, UnlockNotHeld::By::kRelease});
  }
  Hold given;
  given.lock = lock;
  given.kind = kind;
  given.trace = trace;
  state.released.push_back(given);
}

bool Interpreter::takes_on_some_way(FunctionId function) const {
  const Effects& effects = shared_.effects[function.value];
  return !effects.kept_back.empty() ||
         std::ranges::any_of(effects.exits, [](const Exit& exit) { return !exit.taken.empty(); });
}

// Who releases a lock of its caller and takes it again is meant to be called with it, on that way.
void Interpreter::note_given_back(const std::vector<State>& ends) {
  for (const State& state : ends) {
    for (const Hold& hold : state.holds) {
      if (hold.adopted) given_back_.insert(hold.lock);
    }
  }
}

std::vector<UnlockNotHeld> Interpreter::released_unheld() const {
  std::vector<UnlockNotHeld> result;
  for (const auto& [at, unheld] : unheld_) {
    if (held_.contains(at) && !given_back_.contains(unheld.lock))
      result.push_back({id_, unheld.lock, unheld.kind, unheld.trace, {}, UnlockNotHeld::By::kRelease});
  }
  return result;
}

void Interpreter::try_locks(Context& context, const Model& model, const std::vector<PathId>& locks,
                            State state, std::vector<State>& out) {
  Path result;
  result.root = Root::kResult;
  result.number = context.op.result;
  const PathId value = program_.path(result);
  Path zero;
  zero.root = Root::kConstant;
  const PathId nothing = program_.path(zero);
  // std::try_lock says -1 for all of them, and otherwise the number of the one that was taken.
  zero.number = static_cast<uint32_t>(-1);
  const PathId everything = program_.path(zero);
  const bool is_many = std::ranges::find(model.operands, kAllOperands) != model.operands.end();
  const auto learn = [&](State& each, bool success) {
    shared_.evaluator.overwrite(each, value, true);
    const Test::Kind equal =
        success == (model.success_is_zero || is_many) ? Test::Kind::kEqual : Test::Kind::kNotEqual;
    each.facts.insert(
        std::ranges::lower_bound(each.facts, Fact{value, equal, is_many ? everything : nothing}),
        Fact{value, equal, is_many ? everything : nothing});
  };
  State failed = state;
  learn(failed, false);
  for (const PathId lock : locks) {
    // Of several it is not known which one failed.
    if (locks.size() == 1 && state.find_hold(program_.lock_of(lock)) == nullptr)
      failed.failed = {{program_.lock_of(lock), here(context)}};
  }
  for (const PathId lock : locks) {
    Taking taking{lock,        model.kind, model.shared,  is_recursive(lock, model, {}),
                  model.timed, true,       here(context), {},
                  {}};
    take(context, state, taking, true);
  }
  learn(state, true);
  out.push_back(std::move(state));
  out.push_back(std::move(failed));
}

// Whether nobody looks at a call's result before it dies.
bool Interpreter::is_only_destroyed(uint32_t result) const {
  size_t uses = 0;
  const auto count = [&](const Path& path) {
    uses += path.root == Root::kResult && path.number == result ? 1 : 0;
  };
  for (const Block& block : function_.blocks) {
    for (const Op& op : block.ops) {
      count(op.target);
      count(op.object.path);
      for (const Value& value : op.arguments) count(value.path);
    }
    for (const Edge& edge : block.edges) count(edge.test.left);
  }
  return uses == 1;
}

// Constructors, the destructor and members of std::unique_lock and its like.
bool Interpreter::guard_call(Context& context, State& state, std::vector<State>& out) {
  const std::string_view name = program_.text(context.op.name);
  const size_t colons = name.rfind("::");
  if (colons == std::string_view::npos) return false;
  const std::string_view type = name.substr(0, colons);
  const std::string_view member = name.substr(colons + 2);
  const Model* model = shared_.models.guard_class(type);
  if (model == nullptr) return false;
  if (const Model* own = shared_.models.find(name); own != nullptr && own->effect != Effect::kNothing)
    return false;
  const size_t last = type.rfind("::");
  const std::string_view simple = last == std::string_view::npos ? type : type.substr(last + 2);
  if (member == simple) {
    construct_guard(context, *model, std::move(state), out);
  } else {
    guard_member(context, *model, member, std::move(state), out);
  }
  return true;
}

void Interpreter::construct_guard(Context& context, const Model& model, State state,
                                  std::vector<State>& out) {
  const Op& op = context.op;
  const PathId object = context.operands.object_location;
  state.drop_guard(object);
  Guard guard;
  guard.shared = model.shared;
  guard.kind = model.kind;
  bool defer = false, adopt = false, tries = false, timed = false;
  for (size_t i = 0; i < op.arguments.size(); ++i) {
    const std::string& type = program_.text(op.arguments[i].type);
    const PathId value = context.operands.arguments[i];
    if (is_tag(type)) {
      defer |= type.find("defer") != std::string::npos;
      adopt |= type.find("adopt") != std::string::npos;
      tries |= type.find("try") != std::string::npos;
    } else if (is_time(type)) {
      tries = timed = true;
    } else if (shared_.models.guard_class(type) != nullptr) {
      // Moved: the old one lets go.
      if (const Guard* old = state.find_guard(value)) {
        guard = *old;
        Guard empty = *old;
        empty.owns = Guard::Owns::kNo;
        state.set_guard(value, empty);
        state.set_guard(object, guard);
      } else {
        guard.locks = {shared_.evaluator.lock_of_unknown_guard(value)};
        guard.owns = Guard::Owns::kYes;
        state.set_guard(object, guard);
      }
      return out.push_back(std::move(state));
    } else if (value) {
      guard.locks.push_back(value);
      guard.recursive |= is_recursive(value, model, op.arguments[i].type);
      const std::string& lock_type = type;
      if (const Model* lock_class = shared_.models.find(lock_type);
          lock_class != nullptr && lock_class->effect == Effect::kLockClass)
        guard.kind = lock_class->kind;
    }
  }
  if (context.recorder != nullptr &&
      (op.flags & (op_flags::kDiscardedTemporary | op_flags::kDeclaredInParentheses)) != 0) {
    context.recorder->events->unnamed_guards.push_back(
        {id_, op.place,
         program_.symbol(op.object.type.value != 0 ? program_.text(op.object.type) : program_.text(op.name)),
         guard.locks.empty() ? PathId{} : guard.locks.front(),
         (op.flags & op_flags::kDeclaredInParentheses) != 0});
  }
  if (defer || guard.locks.empty()) {
    state.set_guard(object, guard);
    return out.push_back(std::move(state));
  }
  State failed;
  if (tries) {
    failed = state;
    failed.set_guard(object, guard);
  }
  const std::vector<Hold> before = state.holds;
  State asked = state;
  for (const PathId lock : guard.locks) {
    if (adopt) {
      if (state.find_hold(lock) == nullptr) {
        if (context.recorder != nullptr && is_definite(lock))
          context.recorder->events->unheld_by_caller.push_back(
              {id_, lock, guard.kind, here(context), {}, UnlockNotHeld::By::kAdoption});
        Hold hold;
        hold.lock = lock;
        hold.kind = guard.kind;
        hold.shared = guard.shared;
        hold.trace = here(context);
        hold.adopted = true;
        hold.block = context.block;
        hold.op = context.index;
        state.holds.push_back(hold);
      }
      continue;
    }
    const Taking taking{lock, guard.kind, guard.shared, guard.recursive, timed, tries, here(context), {}, {}};
    // Several at once are taken without an order among them.
    meet(context, asked, taking, false);
    Recorder* const recorder = context.recorder;
    context.recorder = nullptr;
    take(context, state, taking, true);
    context.recorder = recorder;
  }
  guard.owns = Guard::Owns::kYes;
  state.set_guard(object, guard);
  out.push_back(std::move(state));
  if (tries) out.push_back(std::move(failed));
}

void Interpreter::guard_member(Context& context, const Model& model, std::string_view member, State state,
                               std::vector<State>& out) {
  const PathId object = context.operands.object_location;
  const Guard* known = state.find_guard(object);
  Guard guard;
  if (known != nullptr) {
    guard = *known;
  } else {
    guard.locks = {shared_.evaluator.lock_of_unknown_guard(object)};
    guard.owns = Guard::Owns::kYes;
    guard.shared = model.shared;
    guard.kind = model.kind;
  }
  Path result;
  result.root = Root::kResult;
  result.number = context.op.result;
  const PathId value = program_.path(result);
  Path constant;
  constant.root = Root::kConstant;
  const auto release_all = [&] {
    if (guard.owns == Guard::Owns::kNo) return;
    for (const PathId lock : guard.locks) release(context, state, lock, guard.kind, here(context));
    guard.owns = Guard::Owns::kNo;
  };
  if (member.starts_with("~")) {
    const Path& path = context.op.object.path;
    const bool is_dropped = path.root == Root::kResult && path.elements.empty() && known != nullptr &&
                            guard.owns == Guard::Owns::kYes && is_only_destroyed(path.number);
    if (is_dropped && context.recorder != nullptr)
      context.recorder->events->unnamed_guards.push_back(
          {id_, context.op.place, context.op.object.type,
           guard.locks.empty() ? PathId{} : guard.locks.front(), false});
    release_all();
    state.drop_guard(object);
  } else if (member == "unlock" || member == "unlock_shared" || member == "Release") {
    if (guard.owns == Guard::Owns::kNo && known != nullptr && !guard.locks.empty() &&
        context.recorder != nullptr)
      context.recorder->events->unlocks_not_held.push_back(
          {id_, guard.locks.front(), guard.kind, here(context), {}});
    release_all();
    state.set_guard(object, guard);
  } else if (member == "lock" || member == "lock_shared" || member == "relock") {
    for (const PathId lock : guard.locks)
      take(context, state,
           {lock, guard.kind, guard.shared, guard.recursive, false, false, here(context), {}, {}}, true);
    guard.owns = Guard::Owns::kYes;
    state.set_guard(object, guard);
  } else if (member.starts_with("try_lock")) {
    Model attempt = model;
    attempt.success_is_zero = false;
    attempt.kind = guard.kind;
    attempt.shared = guard.shared;
    attempt.recursive = guard.recursive;
    attempt.timed = member != "try_lock" && member != "try_lock_shared";
    attempt.operands.clear();
    std::vector<State> both;
    try_locks(context, attempt, guard.locks, std::move(state), both);
    guard.owns = Guard::Owns::kYes;
    both[0].set_guard(object, guard);
    guard.owns = Guard::Owns::kNo;
    both[1].set_guard(object, guard);
    for (State& each : both) out.push_back(std::move(each));
    return;
  } else if (member == "owns_lock" || member.starts_with("operator bool") || member == "isLocked") {
    shared_.evaluator.overwrite(state, value, true);
    constant.number = guard.owns == Guard::Owns::kYes ? 1 : 0;
    if (known != nullptr) state.set_value(value, program_.path(constant));
  } else if (member == "release") {
    // The lock stays taken, and the guard forgets it.
    shared_.evaluator.overwrite(state, value, true);
    if (!guard.locks.empty()) state.set_value(value, guard.locks.front());
    guard.owns = Guard::Owns::kNo;
    guard.locks.clear();
    state.set_guard(object, guard);
  } else if (member == "mutex") {
    shared_.evaluator.overwrite(state, value, true);
    if (!guard.locks.empty()) state.set_value(value, guard.locks.front());
  } else if (member == "operator=" || member == "swap") {
    const PathId other = context.operands.arguments.empty() ? PathId{} : context.operands.arguments[0];
    const Guard* theirs = state.find_guard(other);
    Guard moved = theirs != nullptr ? *theirs : Guard{};
    if (member == "operator=") {
      release_all();
      Guard empty = moved;
      empty.locks.clear();
      empty.owns = Guard::Owns::kNo;
      if (theirs != nullptr) state.set_guard(other, empty);
    } else {
      state.set_guard(other, guard);
    }
    state.set_guard(object, moved);
  }
  out.push_back(std::move(state));
}

void Interpreter::wait(Context& context, const Model& model, State& state) {
  const auto operand = [&](int which) {
    if (which == kThisOperand) return context.operands.object;
    const auto index = static_cast<size_t>(which);
    return index < context.operands.arguments.size() ? context.operands.arguments[index] : PathId{};
  };
  const PathId condition = operand(model.operands[0]);
  PathId mutex = operand(model.operands[1]);
  if (const Guard* guard = state.find_guard(mutex); guard != nullptr && !guard->locks.empty()) {
    mutex = guard->locks.front();
  } else {
    const auto index = static_cast<size_t>(std::max(model.operands[1], 0));
    if (index < context.op.arguments.size() &&
        shared_.models.guard_class(program_.text(context.op.arguments[index].type)) != nullptr)
      mutex = shared_.evaluator.lock_of_unknown_guard(mutex);
  }
  mutex = program_.lock_of(mutex);
  Taking again;
  again.lock = mutex;
  again.trace = here(context);
  again.released = {mutex};
  if (const Hold* hold = state.find_hold(mutex)) {
    again.recursive = hold->recursive;
    again.kind = hold->kind;
  }
  // std::condition_variable_any has a stop token in front of it.
  PathId predicate;
  if (model.predicate) {
    for (size_t i = static_cast<size_t>(*model.predicate); i < context.op.arguments.size(); ++i)
      predicate = context.operands.arguments[i];
  }
  const bool has_predicate =
      model.predicate && static_cast<size_t>(*model.predicate) < context.op.arguments.size();
  if (context.recorder != nullptr) {
    if (mutex) meet(context, state, again, true);
    wait_unheld(context, state, mutex);
    Wait event;
    event.in = id_;
    event.condition = condition;
    event.mutex = mutex;
    event.trace = here(context);
    event.holds = state.holds;
    event.timed = model.timed;
    event.has_predicate = has_predicate;
    event.tested_again = has_predicate;
    event.block = context.block;
    event.op = context.index;
    context.recorder->events->waits.push_back(event);
    BlockingCall call;
    call.what = program_.symbol("a wait on a condition");
    call.trace = here(context);
    call.releases = mutex;
    block_under(context, state, call);
  }
  state.synchronise(condition);
  // Others may have changed what was tested before.
  std::erase_if(state.facts, [&](const Fact& fact) {
    const Root root = program_.path(fact.left).root;
    return root != Root::kResult && root != Root::kLocal;
  });
  if (has_predicate) {
    for (const FunctionId callee : shared_.values.functions_at(predicate))
      record_effects(context, callee, state, 0);
  }
}

// A wait gives its mutex up, so that it has to be held.
void Interpreter::wait_unheld(const Context& context, const State& state, PathId mutex) {
  const bool is_held = std::ranges::find(state.holds, mutex, &Hold::lock) != state.holds.end();
  if (!mutex || is_held || state.is_unsure(mutex) || !is_definite(mutex)) return;
  const auto released = std::ranges::find(state.done, mutex, &std::pair<PathId, TraceId>::first);
  const bool is_known = released != state.done.end();
  Events& events = *context.recorder->events;
  (is_known ? events.unlocks_not_held : events.unheld_by_caller)
      .push_back({id_, mutex, LockKind::kMutex, here(context), is_known ? released->second : TraceId{},
                  UnlockNotHeld::By::kWait});
}

// Whether the path ends at a pointer, of which is not known where it leads.
bool Interpreter::is_reference(PathId id) const {
  const Path& path = program_.path(id);
  if (path.elements.empty()) return path.root == Root::kUnknown;
  return path.elements.back() == shared_.evaluator.guarded() || program_.ends_in_pointer(path);
}

void Interpreter::block_under(Context& context, const State& state, BlockingCall call) {
  if (context.recorder == nullptr) return;
  Events& events = *context.recorder->events;
  std::vector<Hold> holds;
  for (const Hold& hold : state.holds) {
    const bool is_released =
        std::ranges::any_of(call.released, [&](PathId each) { return program_.lock_of(each) == hold.lock; });
    if (hold.lock != program_.lock_of(call.releases) && !is_released && hold.kind != LockKind::kSemaphore)
      holds.push_back(hold);
  }
  // A wait that knows its mutex by a reference alone may well mean the only lock that is held.
  const bool is_vague = call.releases && holds.size() == 1 && is_reference(call.releases);
  if (!holds.empty() && !is_vague) events.blocked.push_back({id_, call, holds});
  std::vector<BlockingCall>& mine = context.recorder->effects->blocking;
  for (const Hold& each : state.released) call.released.push_back(each.lock);
  for (PathId& each : call.released) each = outward(each);
  call.releases = outward(call.releases);
  std::ranges::sort(call.released);
  call.released.erase(std::unique(call.released.begin(), call.released.end()), call.released.end());
  call.when = conditions_of(state, call.when);
  const auto known = std::ranges::find_if(mine, [&](const BlockingCall& each) {
    return each.what == call.what && each.releases == call.releases;
  });
  if (known != mine.end()) {
    add_conditions(known->when, call.when);
    return keep_common(known->released, call.released);
  }
  if (mine.size() < kMostBlocking) {
    mine.push_back(std::move(call));
  } else {
    ++shared_.dropped;
  }
}

}  // namespace gordian::check
