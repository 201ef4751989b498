// Calls: by the models of libraries, by attributes, and by what is known of the called functions.
#include <algorithm>

#include "analyzer/static-pass/link/interpreter.h"

namespace gordian::check {
namespace {

constexpr size_t kMostCallbacks = 32;
constexpr size_t kMostCallees = 12;
constexpr int kDeepestCallback = 4;

}  // namespace

void Interpreter::call(Context& context, State state, std::vector<State>& out) {
  const Op& op = context.op;
  const Evaluator& evaluator = shared_.evaluator;
  Operands& operands = context.operands;
  operands.object = evaluator.value_of(state, op.object.path);
  operands.object_location = evaluator.location_of(state, op.object.path);
  for (const Value& value : op.arguments) {
    Path path = value.path;
    // A lambda is known by its key wherever it goes.
    if (path.root == Root::kLambda && path.number < function_.lambdas.size() && !path.name)
      path.name = function_.lambdas[path.number].key;
    operands.arguments.push_back(evaluator.value_of(state, path));
    operands.locations.push_back(evaluator.location_of(state, path));
  }
  forget_passed_scalars(op, state);
  // The result of an earlier round through a loop is gone.
  if (op.result != 0) {
    Path result;
    result.root = Root::kResult;
    result.number = op.result;
    const PathId value = program_.path(result);
    evaluator.overwrite(state, value, true);
    state.drop_guard(value);
  }
  if (guard_call(context, state, out)) return;
  const Model* model = model_of(op);
  if (model != nullptr && model->effect != Effect::kGuard && model->effect != Effect::kLockClass &&
      model->effect != Effect::kMove)
    return apply_model(context, *model, std::move(state), out);
  if (compare(context, state, out)) return;
  const std::vector<FunctionId> functions = callees(context, state);
  if (functions.empty()) meet_exclusions(context, state);
  if (const std::vector<Contract>* contracts = contracts_for(op, functions))
    return apply_contracts(context, *contracts, std::move(state), out);
  if (!functions.empty()) return apply_functions(context, functions, std::move(state), out);

  const PathId target = op.callee ? PathId{} : evaluator.value_of(state, op.target);
  const Root root = program_.path(target).root;
  if (context.recorder != nullptr && target &&
      (root == Root::kParameter || root == Root::kThis || root == Root::kCapture)) {
    Callback callback{target, operands.arguments, state.holds, {}, here(context), false};
    for (const Hold& each : state.released) callback.released.push_back(each.lock);
    leave_to_caller(context, std::move(callback));
  }
  // A function that is not followed may run the lambdas that it is given, now; other functions, some time.
  for (const PathId argument : operands.arguments) {
    if (context.recorder == nullptr || !is_function(program_.path(argument))) continue;
    const FunctionId callee = program_.function_of(program_.path(argument).name);
    if (!callee) continue;
    const std::string& name = program_.text(op.name);
    const size_t colons = name.rfind("::");
    const std::string_view member =
        std::string_view(name).substr(colons == std::string::npos ? 0 : colons + 2);
    const bool is_kept = member.starts_with("emplace") || member.starts_with("push") ||
                         member.starts_with("insert") || member.starts_with("operator=") ||
                         member == "function" || member == "assign";
    if (program_.path(argument).root == Root::kLambda && !is_kept) {
      record_effects(context, callee, state, 0);
    } else {
      shared_.escaped.insert(callee);
    }
  }
  out.push_back(std::move(state));
}

// A function that is called through what the caller passes. The same with the same locks held is told once.
void Interpreter::leave_to_caller(Context& context, Callback callback) {
  std::vector<Callback>& mine = context.recorder->effects->callbacks;
  const auto is_same = [&](const Callback& each) {
    return each.function == callback.function && each.arguments == callback.arguments &&
           each.is_thread == callback.is_thread && each.released == callback.released &&
           std::ranges::equal(each.holds, callback.holds, {}, &Hold::lock, &Hold::lock);
  };
  if (std::ranges::any_of(mine, is_same)) return;
  if (mine.size() < kMostCallbacks) {
    mine.push_back(std::move(callback));
  } else {
    ++shared_.dropped;
  }
}

// What is defined in the program itself is known better, unless the user says otherwise.
const Model* Interpreter::model_of(const Op& op) const {
  const Model* model = shared_.models.find(program_.text(op.name));
  return model != nullptr && model->is_builtin && program_.function_of(op.callee) ? nullptr : model;
}

// A number may be passed by its address, and be another one afterwards.
void Interpreter::forget_passed_scalars(const Op& op, State& state) const {
  const FunctionId callee = program_.function_of(op.callee);
  for (size_t i = 0; i < op.arguments.size(); ++i) {
    const Path& path = op.arguments[i].path;
    if (path.root != Root::kLocal || !path.elements.empty() || path.number >= function_.locals.size())
      continue;
    if (function_.locals[path.number].is_pointer) continue;
    if (callee) {
      const std::vector<Variable>& parameters = program_.function(callee).parameters;
      if (i < parameters.size() && parameters[i].is_by_value) continue;
    }
    const PathId local = program_.path(path);
    const std::optional<PathId> value = state.value_at(local);
    const Root root = value ? program_.path(*value).root : Root::kUnknown;
    if (root == Root::kConstant || root == Root::kResult) state.forget_value(local);
    std::erase_if(state.facts, [&](const Fact& fact) { return fact.left == local; });
  }
}

// std::less and its like order two objects as the operators do.
bool Interpreter::compare(Context& context, State& state, std::vector<State>& out) {
  const std::string& name = program_.text(context.op.name);
  if (context.op.result == 0 || context.operands.arguments.size() != 2 || !name.starts_with("std::"))
    return false;
  const bool less = name.starts_with("std::less::") || name.starts_with("std::less_equal::");
  const bool greater = name.starts_with("std::greater::") || name.starts_with("std::greater_equal::");
  if (!less && !greater) return false;
  Path path;
  path.root = Root::kResult;
  path.number = context.op.result;
  const PathId result = program_.path(path);
  Path constant;
  constant.root = Root::kConstant;
  for (const bool holds : {true, false}) {
    State each = state;
    constant.number = holds ? 1 : 0;
    each.set_value(result, program_.path(constant));
    const Test::Kind kind = less == holds ? Test::Kind::kLess : Test::Kind::kGreaterOrEqual;
    const Fact fact{context.operands.arguments[0], kind, context.operands.arguments[1]};
    each.facts.insert(std::ranges::lower_bound(each.facts, fact), fact);
    out.push_back(std::move(each));
  }
  return true;
}

void Interpreter::apply_model(Context& context, const Model& model, State state, std::vector<State>& out) {
  const Operands& operands = context.operands;
  if (model.unless && static_cast<size_t>(model.unless->argument) < operands.arguments.size()) {
    const Path& path = program_.path(operands.arguments[static_cast<size_t>(model.unless->argument)]);
    const auto value = static_cast<uint32_t>(model.unless->value);
    const bool is_it = model.unless->is_bit ? (path.number & value) != 0 : path.number == value;
    if (path.root == Root::kConstant && is_it) return out.push_back(std::move(state));
  }
  const auto operand = [&](int which) {
    if (which == kThisOperand) return operands.object;
    const auto index = static_cast<size_t>(which);
    return index < operands.arguments.size() ? operands.arguments[index] : PathId{};
  };
  const auto type_of = [&](int which) {
    if (which == kThisOperand) return context.op.object.type;
    const auto index = static_cast<size_t>(which);
    return index < context.op.arguments.size() ? context.op.arguments[index].type : Symbol{};
  };
  // Locks of guards among them, as std::lock(guard, guard) has, are the guards' own.
  std::vector<std::pair<PathId, PathId>> locks;  // lock, guard
  const auto add_lock = [&](PathId path, Symbol type) {
    if (const Guard* guard = state.find_guard(path)) {
      for (const PathId lock : guard->locks) locks.emplace_back(lock, path);
    } else if (shared_.models.guard_class(program_.text(type)) != nullptr) {
      locks.emplace_back(shared_.evaluator.lock_of_unknown_guard(path), path);
    } else if (path) {
      locks.emplace_back(path, PathId{});
    }
  };
  for (const int which : model.operands) {
    if (which != kAllOperands) {
      add_lock(operand(which), type_of(which));
      continue;
    }
    for (size_t i = 0; i < operands.arguments.size(); ++i)
      add_lock(operands.arguments[i], context.op.arguments[i].type);
  }
  const auto own_guards = [&](State& each, Guard::Owns owns) {
    for (const auto& [lock, object] : locks) {
      if (const Guard* guard = object ? each.find_guard(object) : nullptr) {
        Guard changed = *guard;
        changed.owns = owns;
        each.set_guard(object, changed);
      }
    }
  };
  switch (model.effect) {
    case Effect::kAcquire: {
      // A semaphore that somebody else posts is an event, not a lock.
      const Path& raw = model.operands[0] == kThisOperand || context.op.arguments.empty()
                            ? context.op.object.path
                            : context.op.arguments[0].path;
      if (model.kind == LockKind::kSemaphore && !posted_.contains(raw)) {
        state.synchronise(operand(model.operands[0]));
        BlockingCall call;
        call.what = context.op.name;
        call.trace = here(context);
        block_under(context, state, call);
        break;
      }
      const State before = state;
      for (size_t i = 0; i < locks.size(); ++i) {
        const Symbol type = i < model.operands.size() ? type_of(model.operands[i]) : Symbol{};
        const Taking taking{
            locks[i].first,
            model.kind,
            model.shared,
            is_recursive(locks[i].first, model, type) || is_checked(locks[i].first, context.op),
            model.timed,
            false,
            here(context),
            {},
            {}};
        meet(context, before, taking, false);
        Recorder* const recorder = context.recorder;
        context.recorder = nullptr;
        take(context, state, taking, true);
        context.recorder = recorder;
      }
      own_guards(state, Guard::Owns::kYes);
      // In C, 0 says that it was taken: it always is.
      if (program_.text(context.op.name).find("::") == std::string::npos && context.op.result != 0) {
        Path result;
        result.root = Root::kResult;
        result.number = context.op.result;
        Path zero;
        zero.root = Root::kConstant;
        state.set_value(program_.path(std::move(result)), program_.path(std::move(zero)));
      }
      break;
    }
    case Effect::kTry: {
      std::vector<PathId> only;
      for (const auto& [lock, guard] : locks) only.push_back(lock);
      std::vector<State> both;
      try_locks(context, model, only, std::move(state), both);
      own_guards(both[0], Guard::Owns::kYes);
      for (State& each : both) out.push_back(std::move(each));
      return;
    }
    case Effect::kSignal:
      if (context.recorder != nullptr && !model.operands.empty())
        context.recorder->events->signals.push_back({id_, operand(model.operands[0])});
      break;
    case Effect::kRelease:
      if (model.kind == LockKind::kSemaphore && context.recorder != nullptr)
        context.recorder->events->signals.push_back({id_, operand(model.operands[0])});
      for (const auto& [lock, guard] : locks) release(context, state, lock, model.kind, here(context));
      own_guards(state, Guard::Owns::kNo);
      break;
    case Effect::kWait:
      wait(context, model, state);
      break;
    case Effect::kBlock: {
      BlockingCall call;
      call.what = context.op.name;
      call.trace = here(context);
      block_under(context, state, call);
      if (operands.object_location) join(operands.object_location, state);
      break;
    }
    case Effect::kThread:
      for (const int which : model.operands) {
        const size_t first = which == kAllOperands ? 0 : static_cast<size_t>(which);
        const size_t last = which == kAllOperands ? operands.arguments.size() : first + 1;
        for (size_t i = first; i < last && i < operands.arguments.size(); ++i) {
          std::vector<PathId> rest(operands.arguments.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                                   operands.arguments.end());
          Path result;
          result.root = Root::kResult;
          result.number = context.op.result;
          const PathId variable = operands.object_location ? operands.object_location
                                  : which == kAllOperands  ? program_.path(result)
                                  : first > 0              ? operands.locations[0]
                                                           : PathId{};
          start_thread(context, operands.arguments[i], std::move(rest), variable, state);
        }
      }
      break;
    case Effect::kJoin: {
      BlockingCall call;
      call.what = program_.symbol("the end of a thread");
      call.trace = here(context);
      block_under(context, state, call);
      const int which = model.operands[0];
      const auto index = static_cast<size_t>(std::max(which, 0));
      join(which == kThisOperand               ? operands.object_location
           : index < operands.locations.size() ? operands.locations[index]
                                               : PathId{},
           state);
      break;
    }
    case Effect::kCall:
      for (const int which : model.operands) {
        for (const FunctionId callee : shared_.values.functions_at(operand(which))) {
          if (context.recorder != nullptr) shared_.once.insert(callee);
          record_effects(context, callee, state, 0);
        }
      }
      break;
    case Effect::kKeep:
      for (const PathId argument : operands.arguments) {
        for (const FunctionId callee : shared_.values.functions_at(argument)) {
          if (context.recorder != nullptr) shared_.escaped.insert(callee);
        }
      }
      // A std::function made of a lambda stands for it.
      if (operands.object_location && !operands.arguments.empty() &&
          is_function(program_.path(operands.arguments[0])))
        state.set_value(operands.object_location, operands.arguments[0]);
      break;
    case Effect::kSetType: {
      const Path& type = program_.path(operand(model.operands[1]));
      if (type.root == Root::kConstant && type.number == 1)
        shared_.recursive_attributes.insert(outward(operand(model.operands[0])));
      if (type.root == Root::kConstant && type.number == 2)
        shared_.checking_attributes.insert(outward(operand(model.operands[0])));
      break;
    }
    case Effect::kInitialise: {
      if (model.kind == LockKind::kSemaphore) {
        const Path units = operands.arguments.empty() ? Path{} : program_.path(operands.arguments.back());
        if (units.root != Root::kConstant || units.number > 1)
          shared_.several_units.insert(operand(model.operands[0]));
        break;
      }
      const PathId attributes = model.operands.size() > 1 ? operand(model.operands[1]) : PathId{};
      const Path& path = program_.path(attributes);
      // mtx_init has the type itself, with this bit for recursive ones.
      const bool is_recursive = shared_.recursive_attributes.contains(outward(attributes)) ||
                                (path.root == Root::kConstant && (path.number & 1) != 0 &&
                                 program_.text(context.op.name) == "mtx_init");
      const bool refuses = shared_.checking_attributes.contains(outward(attributes));
      if (is_recursive || refuses) {
        std::set<PathId>& kind = is_recursive ? shared_.recursive_locks : shared_.checking_locks;
        const Path lock = program_.path(outward(operand(model.operands[0])));
        kind.insert(program_.path(lock));
        if (!lock.elements.empty() && lock.elements.back().kind == Element::Kind::kField) {
          Path by_class;
          by_class.elements = {lock.elements.back()};
          kind.insert(program_.path(by_class));
        }
      }
      break;
    }
    case Effect::kEndThread:
      end_thread(context, state);
      break;
    default:
      break;
  }
  out.push_back(std::move(state));
}

const std::vector<Contract>* Interpreter::contracts_for(const Op& op,
                                                        const std::vector<FunctionId>& functions) const {
  const std::vector<Contract>* contracts = program_.contracts_of(op.callee);
  if (contracts == nullptr) return nullptr;
  const bool says_more = std::ranges::any_of(*contracts, [](const Contract& each) {
    return each.kind == Contract::Kind::kAcquire || each.kind == Contract::Kind::kRelease ||
           each.kind == Contract::Kind::kTryAcquire;
  });
  if (!says_more) return nullptr;
  const bool is_known = std::ranges::any_of(
      functions, [&](FunctionId callee) { return shared_.effects[callee.value].changes_locks(); });
  return is_known ? nullptr : contracts;
}

void Interpreter::apply_contracts(Context& context, const std::vector<Contract>& contracts, State state,
                                  std::vector<State>& out) {
  const PathId object = context.operands.object_location;
  const Class* owner = program_.class_of(context.op.object.type);
  const bool is_scoped = owner != nullptr && owner->is_scoped_capability;
  std::vector<State> states{std::move(state)};
  for (const Contract& contract : contracts) {
    std::vector<State> next;
    for (State& each : states) {
      const PathId lock = in_caller(context, id_, program_.path(contract.lock), each);
      // RELEASE() of a scoped object gives back what its constructor took.
      if (is_scoped && contract.kind == Contract::Kind::kRelease) {
        if (const Guard* guard = each.find_guard(object);
            guard != nullptr && guard->owns == Guard::Owns::kYes) {
          Guard empty = *guard;
          for (const PathId mine : guard->locks) release(context, each, mine, guard->kind, here(context));
          empty.owns = Guard::Owns::kNo;
          each.set_guard(object, empty);
        }
      } else if (contract.kind == Contract::Kind::kRelease) {
        release(context, each, lock, LockKind::kMutex, here(context));
      } else if (contract.kind == Contract::Kind::kAcquire) {
        take(context, each,
             {lock,
              LockKind::kMutex,
              contract.shared,
              is_recursive(lock, Model{}, {}),
              false,
              false,
              here(context),
              {},
              {}},
             true);
        if (is_scoped) {
          Guard guard;
          if (const Guard* known = each.find_guard(object)) guard = *known;
          guard.locks.push_back(lock);
          guard.owns = Guard::Owns::kYes;
          guard.shared = contract.shared;
          each.set_guard(object, guard);
        }
      } else if (contract.kind == Contract::Kind::kTryAcquire) {
        Model attempt;
        attempt.shared = contract.shared;
        attempt.success_is_zero = !contract.success;
        try_locks(context, attempt, {lock}, std::move(each), next);
        continue;
      }
      next.push_back(std::move(each));
    }
    states = std::move(next);
  }
  std::ranges::move(states, std::back_inserter(out));
}

void Interpreter::start_thread(Context& context, PathId function, std::vector<PathId> arguments,
                               PathId variable, State& state) {
  const Path& path = program_.path(function);
  if (path.root == Root::kParameter || path.root == Root::kThis) {
    if (context.recorder != nullptr)
      leave_to_caller(context, {function, arguments, {}, {}, here(context), true});
  }
  for (const FunctionId entry : shared_.values.functions_at(function)) {
    if (context.recorder != nullptr) {
      ThreadStart start;
      start.in = id_;
      start.entry = entry;
      start.place = context.op.place;
      start.variable = thread_variable(variable);
      start.alive = alive_in(state);
      start.arguments = arguments;
      context.recorder->events->starts.push_back(std::move(start));
    }
    const RunningThread thread{variable, entry};
    std::erase(state.joined, thread_variable(variable));
    if (std::ranges::find(state.alive, thread) == state.alive.end()) state.alive.push_back(thread);
  }
  for (const PathId argument : arguments) {
    if (program_.path(argument).root == Root::kFresh) state.let_go(argument);
  }
}

// Nobody is left to release what a thread ends with, unless it has asked for something to be run then.
void Interpreter::end_thread(const Context& context, const State& state) {
  if (context.recorder == nullptr) return;
  const bool cleans_up = std::ranges::any_of(function_.blocks, [&](const Block& block) {
    return std::ranges::any_of(block.ops, [&](const Op& op) {
      const std::string& name = program_.text(op.name);
      return name == "__pthread_register_cancel" || name == "_pthread_cleanup_push";
    });
  });
  if (cleans_up) return;
  for (const Hold& hold : state.holds) {
    if (hold.stale || hold.maybe || hold.kind == LockKind::kSemaphore || state.is_unsure(hold.lock)) continue;
    if (program_.path(hold.lock).root == Root::kUnknown) continue;
    context.recorder->events->missing_unlocks.push_back({id_, hold, context.op.place, {}, true});
  }
}

void Interpreter::join(PathId variable, State& state) const {
  const PathId joined = thread_variable(variable);
  state.has_joined = true;
  std::erase_if(state.alive, [&](const RunningThread& thread) {
    return thread.variable && thread_variable(thread.variable) == joined;
  });
  if (program_.path(joined).root == Root::kGlobal && !std::ranges::count(state.joined, joined))
    state.joined.insert(std::ranges::lower_bound(state.joined, joined), joined);
}

// Of an array all elements are taken to be joined where one is: they are joined in a loop.
PathId Interpreter::thread_variable(PathId variable) const {
  Path path = program_.path(variable);
  while (!path.elements.empty() && path.elements.back().kind == Element::Kind::kIndex)
    path.elements.pop_back();
  return program_.path(std::move(path));
}

// Whether one of several functions is called that objects of this class were given, such as by a class that
// runs something at the end of a scope: who calls this function knows which, of an object of its own.
bool Interpreter::is_known_by_object(PathId function, const std::vector<FunctionId>& candidates) const {
  if (candidates.size() < 2 || !shared_.called.contains(function_.key)) return false;
  const Path& target = program_.path(function);
  return target.root == Root::kThis && target.elements.size() == 1 &&
         target.elements[0].kind == Element::Kind::kField;
}

std::vector<FunctionId> Interpreter::callees(const Context& context, const State& state) const {
  const Op& op = context.op;
  std::vector<FunctionId> result;
  if (op.callee) {
    if (const FunctionId direct = program_.function_of(op.callee)) result.push_back(direct);
    if ((op.flags & op_flags::kVirtual) != 0) {
      const std::vector<FunctionId>& more = program_.overriders(op.callee);
      result.insert(result.end(), more.begin(), more.end());
    }
  } else {
    Path target = op.target;
    if (target.root == Root::kLambda && target.number < function_.lambdas.size())
      target.name = function_.lambdas[target.number].key;
    const PathId function = shared_.evaluator.value_of(state, target);
    result = shared_.values.functions_at(function);
    if (is_known_by_object(function, result)) return {};
  }
  if (result.size() > kMostCallees) {
    // What is called may be anything: nothing is said of it rather than everything.
    ++shared_.dropped;
    result.resize(kMostCallees);
  }
  return result;
}

PathId Interpreter::in_caller(const Context& context, FunctionId callee, PathId id,
                              const State& state) const {
  const Path path = with_known_indices(context, callee, program_.path(id));
  const auto placed = [&](PathId base) {
    if (!base) {
      Path unknown;
      unknown.elements = path.elements;
      return program_.path(std::move(unknown));
    }
    if (path.elements.empty()) return base;
    return shared_.evaluator.value_of(state, program_.path(program_.extended(base, path.elements)));
  };
  switch (path.root) {
    case Root::kParameter:
      return placed(path.number < context.operands.arguments.size() ? context.operands.arguments[path.number]
                                                                    : PathId{});
    case Root::kThis: {
      // A lambda's own object is of no interest; `this` in it is a capture.
      return placed(context.operands.object);
    }
    case Root::kCapture: {
      const Program::Home* home = program_.home_of(path.name);
      if (home == nullptr || home->function != id_) return id;
      const auto& captures = function_.lambdas[home->lambda].captures;
      if (path.number >= captures.size()) return placed({});
      return placed(shared_.evaluator.value_of(state, captures[path.number].path));
    }
    case Root::kGlobal:
      return shared_.evaluator.value_of(state, path);
    default:
      return id;
  }
}

// An index that is called by the name of a variable of the called function is, here, the argument that it was
// given, where that is a number; otherwise it is not known.
Path Interpreter::with_known_indices(const Context& context, FunctionId callee, Path path) const {
  if (callee == id_) return path;
  const std::vector<Variable>& parameters = program_.function(callee).parameters;
  for (Element& element : path.elements) {
    if (element.kind != Element::Kind::kIndex || !element.name) continue;
    const std::string& name = program_.text(element.name);
    if (std::isdigit(static_cast<unsigned char>(name[0])) || name[0] == '-') continue;
    const auto parameter = std::ranges::find(parameters, element.name, &Variable::name);
    const auto number = static_cast<size_t>(parameter - parameters.begin());
    element.name = {};
    if (number >= parameters.size() || number >= context.operands.arguments.size()) continue;
    const Path& argument = program_.path(context.operands.arguments[number]);
    if (argument.root == Root::kConstant)
      element.name = program_.symbol(std::to_string(static_cast<int32_t>(argument.number)));
  }
  return path;
}

std::vector<PathId> Interpreter::all_released(const Context& context, FunctionId callee,
                                              const std::vector<PathId>& inner, const State& state) const {
  std::vector<PathId> result;
  for (const PathId each : inner) result.push_back(in_caller(context, callee, each, state));
  return result;
}

void Interpreter::record_effects(Context& context, FunctionId callee, const State& state, int depth) {
  if (context.recorder == nullptr) return;
  const Effects& effects = shared_.effects[callee.value];
  Events& events = *context.recorder->events;
  events.calls.push_back({id_, callee, context.op.place, context.operands.object, context.operands.arguments,
                          state.holds, alive_in(state), state.escaped});
  for (const Acquisition& each : effects.acquisitions) {
    if (!can_come(context, callee, each.when, state)) continue;
    Taking taking{in_caller(context, callee, each.lock, state),
                  each.kind,
                  each.shared,
                  each.recursive,
                  each.timed,
                  false,
                  here(context, each.trace),
                  {},
                  all_released(context, callee, each.released, state),
                  passed_on(context, callee, each.when, state)};
    if (!taking.lock) continue;
    taking.recursive = taking.recursive || is_recursive(taking.lock, Model{}, {});
    meet(context, state, taking, false);
  }
  for (const Order& each : effects.orders) {
    Order order = each;
    order.from = program_.lock_of(in_caller(context, callee, each.from, state));
    order.to = program_.lock_of(in_caller(context, callee, each.to, state));
    order.from_trace = here(context, each.from_trace);
    order.to_trace = here(context, each.to_trace);
    order.in = id_;
    order.alive = alive_in(state);
    order.joined = state.joined;
    order.guards = all_released(context, callee, each.guards, state);
    for (const Hold& hold : state.holds) {
      if (!hold.shared && hold.lock != order.from && hold.lock != order.to) order.guards.push_back(hold.lock);
    }
    if (!order.from || !order.to) continue;
    if (order.from != order.to) {
      events.orders.push_back(std::move(order));
      continue;
    }
    // What were two names in the called function is one lock here.
    Hold held;
    held.lock = order.from;
    held.kind = order.from_kind;
    held.shared = order.from_shared;
    held.trace = order.from_trace;
    const bool only_reads = order.from_shared && order.to_shared;
    if (is_definite(held.lock) && !only_reads && !order.timed && !order.maybe && !order.reacquired &&
        !is_recursive(held.lock, Model{}, {}))
      events.double_locks.push_back({id_, held, order.to_trace});
  }
  for (const BlockingCall& each : effects.blocking) {
    if (!can_come(context, callee, each.when, state)) continue;
    BlockingCall call = each;
    call.trace = here(context, each.trace);
    call.releases = in_caller(context, callee, each.releases, state);
    call.released = all_released(context, callee, each.released, state);
    call.when = passed_on(context, callee, each.when, state);
    block_under(context, state, std::move(call));
  }
  for (const WaitingCall& each : effects.waits) {
    Wait event;
    event.in = id_;
    event.condition = in_caller(context, callee, each.condition, state);
    event.mutex = in_caller(context, callee, each.mutex, state);
    event.trace = here(context, each.trace);
    event.holds = state.holds;
    event.timed = each.timed;
    event.block = context.block;
    event.op = context.index;
    events.waits.push_back(std::move(event));
  }
  for (const Callback& each : effects.callbacks) record_callback(context, callee, each, state, depth);
}

// A function that is called through a parameter, met where it is known what the parameter is.
void Interpreter::record_callback(Context& context, FunctionId callee, const Callback& callback,
                                  const State& state, int depth) {
  const PathId function = in_caller(context, callee, callback.function, state);
  std::vector<PathId> arguments = all_released(context, callee, callback.arguments, state);
  const std::vector<FunctionId> targets = shared_.values.functions_at(function);
  if (targets.empty()) {
    const Root root = program_.path(function).root;
    if (root != Root::kParameter && root != Root::kThis && root != Root::kCapture) return;
    Callback outer = callback;
    outer.function = function;
    outer.arguments = std::move(arguments);
    outer.trace = here(context, callback.trace);
    outer.holds.clear();
    for (Hold hold : callback.holds) {
      hold.lock = outward(in_caller(context, callee, hold.lock, state));
      hold.trace = here(context, hold.trace);
      if (hold.lock) outer.holds.push_back(hold);
    }
    for (const Hold& hold : state.holds) {
      if (std::ranges::find(outer.holds, hold.lock, &Hold::lock) == outer.holds.end())
        outer.holds.push_back(hold);
    }
    return leave_to_caller(context, std::move(outer));
  }
  if (depth >= kDeepestCallback) return;
  if (callback.is_thread) {
    for (const FunctionId entry : targets) {
      ThreadStart start;
      start.in = id_;
      start.entry = entry;
      start.place = context.op.place;
      start.alive = alive_in(state);
      start.arguments = arguments;
      context.recorder->events->starts.push_back(std::move(start));
    }
    return;
  }
  // As if it were called here, with what the called function holds besides.
  State inside = state;
  const std::vector<PathId> released = all_released(context, callee, callback.released, state);
  std::erase_if(inside.holds,
                [&](const Hold& hold) { return std::ranges::find(released, hold.lock) != released.end(); });
  for (Hold hold : callback.holds) {
    hold.lock = in_caller(context, callee, hold.lock, state);
    hold.trace = here(context, hold.trace);
    if (hold.lock && inside.find_hold(hold.lock) == nullptr) inside.holds.push_back(hold);
  }
  Context nested{context.op, context.block, context.index, context.recorder, {}};
  nested.operands.arguments = std::move(arguments);
  for (const FunctionId target : targets) {
    if (target != id_) record_effects(nested, target, inside, depth + 1);
  }
}

// Whether this way of ending can be, for what the caller knows.
bool Interpreter::exit_fits(const Context& context, FunctionId callee, const Exit& exit,
                            const State& state) const {
  return can_be(context, callee, exit.facts, state);
}

bool Interpreter::can_come(const Context& context, FunctionId callee, const Conditions& conditions,
                           const State& state) const {
  return conditions.empty() || std::ranges::any_of(conditions, [&](const std::vector<Fact>& when) {
           return can_be(context, callee, when, state);
         });
}

// What a called function tests of an argument that is this function's own parameter, its callers can know.
Conditions Interpreter::passed_on(const Context& context, FunctionId callee, const Conditions& inner,
                                  const State& state) const {
  Conditions result;
  for (const std::vector<Fact>& when : inner) {
    if (!can_be(context, callee, when, state)) continue;
    std::vector<Fact> mine;
    for (const Fact& fact : when) {
      const PathId left = in_caller(context, callee, fact.left, state);
      const Path& path = program_.path(left);
      if (path.root == Root::kParameter && path.elements.empty())
        mine.push_back({left, fact.kind, fact.right});
    }
    result.push_back(std::move(mine));
  }
  return result;
}

bool Interpreter::can_be(const Context& context, FunctionId callee, const std::vector<Fact>& when,
                         const State& state) const {
  for (const Fact& fact : when) {
    if (!fact.left) continue;
    Test test;
    test.kind = fact.kind;
    test.left = program_.path(in_caller(context, callee, fact.left, state));
    test.right = program_.path(fact.right);
    if (!shared_.evaluator.may_hold(state, test)) return false;
  }
  return true;
}

State Interpreter::after_exit(Context& context, FunctionId callee, const Exit& exit, State state) {
  const State before = state;
  const auto in = [&](PathId path) { return in_caller(context, callee, path, before); };
  for (const Hold& each : exit.released) {
    const PathId lock = in(each.lock);
    if (!lock) continue;
    // A guard that does not own its lock releases nothing.
    const Path path = program_.path(each.lock);
    if (!path.elements.empty() && path.elements.back() == shared_.evaluator.guarded()) {
      Path object = path;
      object.elements.pop_back();
      const Guard* guard = state.find_guard(in(program_.path(object)));
      if (guard != nullptr && guard->owns == Guard::Owns::kNo) continue;
    }
    release(context, state, lock, each.kind, here(context, each.trace));
  }
  for (const Hold& each : exit.taken) {
    const PathId lock = in(each.lock);
    if (!lock) continue;
    Taking taking{lock,
                  each.kind,
                  each.shared,
                  each.recursive || is_recursive(lock, Model{}, {}),
                  false,
                  true,
                  here(context, each.trace),
                  callee,
                  {}};
    Recorder* const recorder = context.recorder;
    context.recorder = nullptr;
    take(context, state, taking, true);
    context.recorder = recorder;
  }
  for (const auto& [location, value] : exit.stores) {
    const PathId here_location = in(location);
    const PathId here_value = in(value);
    if (!here_location || here_location == here_value) continue;
    const Path& path = program_.path(here_location);
    const Path& known = program_.path(here_value);
    if (path.root == Root::kUnknown || path.root == Root::kGlobal || path.root == Root::kConstant) continue;
    shared_.evaluator.overwrite(state, here_location, true);
    if (here_value && known.root != Root::kUnknown) state.set_value(here_location, here_value);
  }
  for (const auto& [object, guard] : exit.guards) {
    Guard mine = guard;
    for (PathId& lock : mine.locks) lock = in(lock);
    state.set_guard(in(object), std::move(mine));
  }
  if (context.op.result != 0) {
    Path path;
    path.root = Root::kResult;
    path.number = context.op.result;
    const PathId result = program_.path(path);
    if (exit.returns_guard) {
      Guard mine = exit.returned;
      for (PathId& lock : mine.locks) lock = in(lock);
      state.set_guard(result, std::move(mine));
    } else if (exit.returns_fresh) {
      Path fresh;
      fresh.root = Root::kFresh;
      fresh.number = context.op.result;
      state.set_value(result, program_.path(std::move(fresh)));
    } else if (exit.value) {
      const PathId value = in(exit.value);
      if (value && program_.path(value).root != Root::kUnknown) state.set_value(result, value);
    }
    const PathId known = state.value_at(result).value_or(result);
    for (const Fact& fact : exit.facts) {
      if (fact.left || program_.path(known).root == Root::kConstant) continue;
      const Fact mine{known, fact.kind, fact.right};
      state.facts.insert(std::ranges::lower_bound(state.facts, mine), mine);
    }
  }
  learn_of_exit(context, callee, exit, before, state);
  for (const PathId joined : exit.joined) {
    if (!std::ranges::count(state.joined, joined))
      state.joined.insert(std::ranges::lower_bound(state.joined, joined), joined);
  }
  for (const FunctionId started : exit.started) {
    const RunningThread thread{{}, started};
    if (std::ranges::find(state.alive, thread) == state.alive.end()) state.alive.push_back(thread);
  }
  return state;
}

bool Interpreter::releases_unheld(const Context& context, FunctionId callee, const Exit& exit,
                                  const State& state) const {
  return std::ranges::any_of(exit.released, [&](const Hold& each) {
    const PathId lock = program_.lock_of(in_caller(context, callee, each.lock, state));
    return std::ranges::none_of(state.holds,
                                [&](const Hold& hold) { return hold.lock == lock && !hold.stale; });
  });
}

// What the called function has tested to come out this way is so: a lock that is taken and released where a
// pointer or a flag is set is so by the same flag.
void Interpreter::learn_of_exit(const Context& context, FunctionId callee, const Exit& exit,
                                const State& before, State& state) const {
  for (const Fact& fact : exit.facts) {
    if (!fact.left) continue;
    const PathId left = in_caller(context, callee, fact.left, before);
    const Path& path = program_.path(left);
    if (!left || path.root == Root::kConstant || path.root == Root::kUnknown) continue;
    const bool is_stored = std::ranges::any_of(
        exit.stores, [&](const auto& each) { return shared_.evaluator.starts_with(fact.left, each.first); });
    const Fact mine{left, fact.kind, fact.right};
    if (is_stored || std::ranges::find(state.facts, mine) != state.facts.end()) continue;
    state.facts.insert(std::ranges::lower_bound(state.facts, mine), mine);
  }
}

// Constructors of the program's own guards.
void Interpreter::note_unnamed_guard(Context& context, FunctionId callee, const State& state) {
  if (context.recorder == nullptr || (context.op.flags & op_flags::kDiscardedTemporary) == 0) return;
  if ((program_.function(callee).flags & function_flags::kConstructor) == 0) return;
  for (const Exit& exit : shared_.effects[callee.value].exits) {
    if (exit.taken.empty()) continue;
    context.recorder->events->unnamed_guards.push_back(
        {id_, context.op.place, context.op.object.type,
         in_caller(context, callee, exit.taken.front().lock, state), false});
    return;
  }
}

// New objects that a called function may keep are seen by others from then on.
void Interpreter::let_go_of_kept(const Context& context, const std::vector<FunctionId>& functions,
                                 State& state) const {
  const auto is_new = [&](PathId object) { return object && program_.path(object).root == Root::kFresh; };
  for (const FunctionId callee : functions) {
    if (is_new(context.operands.object) && shared_.keepers.keeps_this(callee))
      state.let_go(context.operands.object);
    for (size_t i = 0; i < context.operands.arguments.size(); ++i) {
      const PathId argument = context.operands.arguments[i];
      if (is_new(argument) && shared_.keepers.keeps(callee, i)) state.let_go(argument);
    }
  }
}

// Of the functions that a pointer or a virtual call leads to, some lock whenever they are called and others
// never: those stand for a program without threads, and what is locked by one is not released by another.
void Interpreter::leave_out_idle_twins(ExitsOfCallees& exits) {
  std::map<FunctionId, std::pair<bool, bool>> changes;  // always, never
  for (const auto& [callee, exit] : exits) {
    auto& [always, never] = changes.try_emplace(callee, true, true).first->second;
    always &= exit->changes_locks();
    never &= !exit->changes_locks();
  }
  const bool has_any = std::ranges::any_of(changes, [](const auto& each) { return each.second.first; });
  if (!has_any) return;
  std::erase_if(exits, [&](const auto& each) { return changes.at(each.first).second; });
}

void Interpreter::apply_functions(Context& context, const std::vector<FunctionId>& functions, State state,
                                  std::vector<State>& out) {
  if (context.recorder != nullptr) {
    for (const FunctionId callee : functions) {
      record_effects(context, callee, state, 0);
      note_unnamed_guard(context, callee, state);
    }
  }
  let_go_of_kept(context, functions, state);
  ExitsOfCallees exits;
  for (const FunctionId callee : functions) {
    for (const Exit& exit : shared_.effects[callee.value].exits) {
      if (!exit.is_thrown && exit_fits(context, callee, exit, state)) exits.emplace_back(callee, &exit);
    }
  }
  if (exits.empty() && std::ranges::all_of(functions, [&](FunctionId callee) { return only_throws(callee); }))
    return;
  leave_out_missing_locks(exits);
  leave_out_idle_twins(exits);
  // A destructor that may have something to release is taken to do so.
  const bool releases =
      std::ranges::any_of(exits, [](const auto& each) { return !each.second->released.empty(); });
  const bool is_destructor = (program_.function(functions.front()).flags & function_flags::kDestructor) != 0;
  if (is_destructor && releases)
    std::erase_if(exits, [](const auto& each) { return each.second->released.empty(); });
  // Of the ways that fit, those that release what is not held are taken last.
  const auto is_odd = [&](const auto& each) {
    return releases_unheld(context, each.first, *each.second, state);
  };
  if (!std::ranges::all_of(exits, is_odd)) std::erase_if(exits, is_odd);
  const auto is_plain = [](const Exit& exit) {
    return !exit.changes_locks() && exit.stores.empty() && exit.facts.empty() && !exit.value &&
           !exit.returns_fresh && exit.started.empty() && exit.joined.empty();
  };
  const bool all_plain = std::ranges::all_of(exits, [&](const auto& each) { return is_plain(*each.second); });
  const auto keeps_back = [&](FunctionId callee) { return !shared_.effects[callee.value].kept_back.empty(); };
  if (exits.empty() || (all_plain && std::ranges::none_of(functions, keeps_back))) {
    // A function that is not known yet, or never returns in any way that fits.
    out.push_back(std::move(state));
    return;
  }
  const auto unsure = unsure_after(context, exits, state);
  for (const auto& [lock, by] : unsure) state.set_unsure(lock, by);
  // Ways that differ in nothing of locks are one.
  bool had_plain = false;
  for (const auto& [callee, exit] : exits) {
    const bool plain = is_plain(*exit);
    if (plain && had_plain) continue;
    had_plain |= plain;
    out.push_back(after_exit(context, callee, *exit, state));
    for (const auto& [lock, by] : unsure) {
      out.back().set_unsure(lock, by);
      if (Hold* hold = out.back().find_hold(lock)) hold->maybe = true;
    }
  }
}

namespace {

// Whether no state can know the facts of both.
bool contradict(const Fact& one, const Fact& other) {
  if (one.left != other.left || one.right != other.right) return false;
  const auto is = [&](Test::Kind first, Test::Kind second) {
    return (one.kind == first && other.kind == second) || (one.kind == second && other.kind == first);
  };
  return is(Test::Kind::kEqual, Test::Kind::kNotEqual) ||
         is(Test::Kind::kLess, Test::Kind::kGreaterOrEqual) ||
         is(Test::Kind::kGreater, Test::Kind::kLessOrEqual);
}

bool has_lock(const std::vector<Hold>& holds, PathId lock) {
  return std::ranges::find(holds, lock, &Hold::lock) != holds.end();
}

}  // namespace

// The caller can tell the two ways out by what is returned.
bool Interpreter::is_told_by_result(const Exit& one, const Exit& other) const {
  if (one.value != other.value || one.returns_fresh != other.returns_fresh) return true;
  return std::ranges::any_of(one.facts, [&](const Fact& fact) {
    return !fact.left &&
           std::ranges::any_of(other.facts, [&](const Fact& each) { return contradict(fact, each); });
  });
}

// The caller can tell them by what was tested, and still is so.
bool Interpreter::is_told_by_tests(const Exit& one, const Exit& other) {
  return std::ranges::any_of(one.facts, [&](const Fact& fact) {
    return std::ranges::any_of(other.facts, [&](const Fact& each) { return contradict(fact, each); });
  });
}

bool Interpreter::only_throws(FunctionId function) const {
  const std::vector<Exit>& exits = shared_.effects[function.value].exits;
  return !exits.empty() && std::ranges::all_of(exits, &Exit::is_thrown);
}

// Locks of which the caller cannot tell whether it has them after the call: some ways out take or release
// them and others do not, and nothing says which it was.
std::vector<std::pair<PathId, FunctionId>> Interpreter::unsure_after(const Context& context,
                                                                     const ExitsOfCallees& exits,
                                                                     const State& state) const {
  std::vector<std::pair<PathId, FunctionId>> result;
  const auto add = [&](FunctionId callee, PathId lock) {
    const PathId here = program_.lock_of(in_caller(context, callee, lock, state));
    if (here) result.emplace_back(here, callee);
  };
  const auto compare = [&](FunctionId callee, const Exit& exit, PathId lock, bool takes) {
    for (const auto& [of, other] : exits) {
      if (of != callee || other->is_thrown || has_lock(takes ? other->taken : other->released, lock))
        continue;
      if (is_told_by_result(exit, *other) || (takes && is_told_by_tests(exit, *other))) continue;
      return add(callee, lock);
    }
  };
  for (const auto& [callee, exit] : exits) {
    for (const Hold& each : exit->taken) compare(callee, *exit, each.lock, true);
    for (const Hold& each : exit->released) compare(callee, *exit, each.lock, false);
    for (const PathId each : shared_.effects[callee.value].kept_back) add(callee, each);
  }
  std::ranges::sort(result);
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

// A function that does nothing where it is given no lock is taken to be given one.
void Interpreter::leave_out_missing_locks(ExitsOfCallees& exits) const {
  const auto needs = [&](const Exit& exit, const Fact& null) {
    const auto tests = [&](const Fact& fact) {
      return fact.left == null.left && fact.right == null.right && fact.kind == Test::Kind::kNotEqual;
    };
    const auto leads_there = [&](const Hold& hold) {
      return shared_.evaluator.starts_with(hold.lock, null.left);
    };
    return std::ranges::any_of(exit.facts, tests) &&
           (std::ranges::any_of(exit.taken, leads_there) || std::ranges::any_of(exit.released, leads_there));
  };
  const auto is_without = [&](const auto& each) {
    if (each.second->changes_locks()) return false;
    return std::ranges::any_of(each.second->facts, [&](const Fact& fact) {
      const Path& right = program_.path(fact.right);
      if (!fact.left || fact.kind != Test::Kind::kEqual || right.root != Root::kConstant || right.number != 0)
        return false;
      return std::ranges::any_of(
          exits, [&](const auto& other) { return other.first == each.first && needs(*other.second, fact); });
    });
  };
  ExitsOfCallees kept;
  for (const auto& each : exits) {
    if (!is_without(each)) kept.push_back(each);
  }
  exits = std::move(kept);
}

}  // namespace gordian::check
