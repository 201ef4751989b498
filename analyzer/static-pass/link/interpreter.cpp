#include "analyzer/static-pass/link/interpreter.h"

#include <algorithm>

namespace gordian::check {
namespace {

bool is_owner_copied(Root root) {
  return root == Root::kParameter || root == Root::kThis || root == Root::kGlobal || root == Root::kCapture;
}

constexpr size_t kMostStores = 16;
constexpr size_t kMostFacts = 6;

}  // namespace

Interpreter::Interpreter(Shared& shared, FunctionId function)
    : shared_(shared), program_(shared.program), id_(function), function_(shared.program.function(function)) {
  for (const Block& block : function_.blocks) {
    for (const Op& op : block.ops) {
      if (op.kind == OpKind::kSuspend) handles_locks_ = true;
      if (op.kind != OpKind::kCall) continue;
      const std::string& name = program_.text(op.name);
      const Model* model = model_of(op);
      if (model != nullptr && model->effect == Effect::kRelease && model->kind == LockKind::kSemaphore)
        posted_.insert(model->operands[0] == kThisOperand || op.arguments.empty() ? op.object.path
                                                                                  : op.arguments[0].path);
      if (model != nullptr && (model->effect == Effect::kAcquire || model->effect == Effect::kTry ||
                               model->effect == Effect::kRelease || model->effect == Effect::kWait))
        handles_locks_ = true;
      const size_t colons = name.rfind("::");
      if (colons != std::string::npos && shared.models.guard_class(std::string_view(name).substr(0, colons)))
        handles_locks_ = true;
      if (!handles_locks_) handles_locks_ = calls_what_handles_locks(op);
    }
  }
}

// Whether something that is called here, as far as it is known yet, comes back with other locks held.
bool Interpreter::calls_what_handles_locks(const Op& op) const {
  const auto handles = [&](FunctionId callee) {
    return callee && shared_.effects[callee.value].changes_locks();
  };
  if (!op.callee) return std::ranges::any_of(shared_.values.functions_at(program_.path(op.target)), handles);
  if (handles(program_.function_of(op.callee)) || contracts_for(op, {}) != nullptr) return true;
  return (op.flags & op_flags::kVirtual) != 0 && std::ranges::any_of(program_.overriders(op.callee), handles);
}

// Of a parameter whose class wraps a lock, the lock within: that is what the class's functions take.
PathId Interpreter::inner_lock(PathId lock) const {
  const Path& path = program_.path(lock);
  if (!path.elements.empty()) return lock;
  Symbol type;
  if (path.root == Root::kThis) type = function_.owner;
  if (path.root == Root::kParameter && path.number < function_.parameters.size())
    type = function_.parameters[path.number].type;
  const auto inner = shared_.lock_of_class.find(type);
  if (!type || inner == shared_.lock_of_class.end()) return lock;
  return program_.extended(lock, {{Element::Kind::kField, inner->second}});
}

State Interpreter::entry() const {
  State state;
  for (const Contract& contract : function_.contracts) {
    if (contract.kind != Contract::Kind::kRequires && contract.kind != Contract::Kind::kRelease) continue;
    Hold hold;
    hold.lock = inner_lock(shared_.evaluator.value_of(state, contract.lock));
    hold.shared = contract.shared;
    hold.by_contract = true;
    hold.trace = shared_.traces.add(id_, function_.place);
    if (hold.lock) state.holds.push_back(hold);
  }
  return state;
}

TraceId Interpreter::here(const Context& context, TraceId next) {
  return shared_.traces.add(id_, context.op.place, next);
}

std::vector<FunctionId> Interpreter::alive_in(const State& state) const {
  std::vector<FunctionId> result;
  for (const RunningThread& thread : state.alive) result.push_back(thread.entry);
  std::ranges::sort(result);
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

void Interpreter::step(const Op& op, uint32_t block, uint32_t index, std::vector<State>& states,
                       Recorder* recorder) {
  std::vector<State> result;
  for (State& state : states) {
    Context context{op, block, index, recorder, {}};
    switch (op.kind) {
      case OpKind::kCall:
        call(context, std::move(state), result);
        continue;
      case OpKind::kAssign:
        assign(op, state);
        break;
      case OpKind::kAccess:
        access(context, state);
        break;
      case OpKind::kReturn:
        state.has_returned = true;
        state.left_at = op.place;
        state.has_thrown = (op.flags & op_flags::kThrow) != 0;
        if (!op.arguments.empty()) state.returned = assigned_value(op, state);
        break;
      case OpKind::kSuspend:
        if (recorder != nullptr && !state.holds.empty())
          recorder->events->suspensions.push_back({id_, here(context), state.holds});
        std::erase_if(state.facts,
                      [&](const Fact& fact) { return is_owner_copied(program_.path(fact.left).root); });
        break;
    }
    result.push_back(std::move(state));
  }
  states = std::move(result);
}

// The value of an assignment or a return; of a comparison, when it is known how it ends.
PathId Interpreter::assigned_value(const Op& op, const State& state) const {
  if (op.test == Test::Kind::kAlways || op.arguments.size() < 3)
    return shared_.evaluator.value_of(state, op.arguments[0].path);
  const std::optional<bool> known =
      shared_.evaluator.decided(state, {op.test, op.arguments[1].path, op.arguments[2].path});
  if (!known) return {};
  Path constant;
  constant.root = Root::kConstant;
  constant.number = *known ? 1 : 0;
  return program_.path(std::move(constant));
}

void Interpreter::assign(const Op& op, State& state) {
  if (op.arguments.empty()) return;
  const PathId location = shared_.evaluator.location_of(state, op.target);
  const PathId value = assigned_value(op, state);
  const Path target = program_.path(location);
  bool is_pointer = true;
  if (target.elements.empty() && target.root == Root::kLocal && target.number < function_.locals.size())
    is_pointer = function_.locals[target.number].is_pointer;
  // A guard that a function returned gets its name without a move.
  if (const Guard* guard = state.find_guard(value); guard != nullptr && value != location) {
    const Guard moved = *guard;
    state.drop_guard(value);
    state.set_guard(location, moved);
    return;
  }
  // A thread that is moved has another name from then on; one that is pointed to keeps its own.
  const bool is_alias = is_pointer && target.root == Root::kLocal && target.elements.empty() &&
                        program_.path(value).root == Root::kLocal;
  for (RunningThread& thread : state.alive) {
    if (thread.variable == value && value && !is_alias) thread.variable = location;
  }
  shared_.evaluator.overwrite(state, location, is_pointer);
  if (target.root == Root::kLocal && target.elements.empty())
    shared_.evaluator.copy_facts(state, op.arguments[0].path, location);
  // What is stored in memory that others can reach is fresh no more.
  if ((target.root != Root::kLocal || !target.elements.empty()) && program_.path(value).root == Root::kFresh)
    state.let_go(value);
  const Path& known = program_.path(value);
  const bool is_known = value && known.root != Root::kUnknown;
  const bool is_shared = target.root == Root::kGlobal;
  // Elements of containers are many: one name for all of them says nothing of their values.
  const bool is_one = std::ranges::none_of(target.elements, [](const Element& element) {
    return element.kind == Element::Kind::kIndex && !element.name;
  });
  if (is_known && !is_shared && is_one) {
    state.set_value(location, value);
  } else if (!is_known && target.root == Root::kLocal && target.elements.empty()) {
    state.forget_value(location);
  }
}

void Interpreter::access(Context& context, State& state) {
  const Op& op = context.op;
  if ((op.flags & (op_flags::kAtomic | op_flags::kWrite)) == op_flags::kAtomic)
    state.synchronise(shared_.evaluator.location_of(state, op.target));
  if (context.recorder == nullptr) return;
  const PathId location = shared_.evaluator.location_of(state, op.target);
  if ((op.flags & op_flags::kAtomic) != 0 && (op.flags & op_flags::kWrite) != 0)
    context.recorder->events->signals.push_back({id_, location});
  const Path& path = program_.path(location);
  if (path.root == Root::kUnknown || path.root == Root::kConstant || path.root == Root::kFunction) {
    const bool has_field = std::ranges::any_of(
        path.elements, [](const Element& element) { return element.kind == Element::Kind::kField; });
    if (!has_field) return;
  }
  Access access;
  access.in = id_;
  access.path = location;
  access.write = (op.flags & op_flags::kWrite) != 0;
  access.atomic = (op.flags & op_flags::kAtomic) != 0;
  access.place = op.place;
  access.member = (op.flags & op_flags::kOfSystemClass) != 0 ? op.name : Symbol{};
  access.holds = state.holds;
  access.alive = alive_in(state);
  access.awaited = state.awaited;
  access.joined = state.joined;
  access.after_join = state.has_joined;
  access.fresh = path.root == Root::kFresh && std::ranges::none_of(state.escaped, [&](PathId each) {
                   return shared_.evaluator.starts_with(location, each);
                 });
  context.recorder->events->accesses.push_back(std::move(access));
}

// What leaves the function is told in words that its caller knows.
PathId Interpreter::outward(PathId id) const {
  const Path& path = program_.path(id);
  if (path.root == Root::kLocal && !path.name) {
    Path named = path;
    named.name = function_.key;
    return program_.path(std::move(named));
  }
  if (path.root == Root::kResult || path.root == Root::kFresh || path.root == Root::kLambda) {
    if (path.root == Root::kLambda) return id;
    Path unknown = path;
    unknown.root = Root::kUnknown;
    unknown.number = 0;
    unknown.name = {};
    return program_.path(std::move(unknown));
  }
  return id;
}

Exit Interpreter::exit_of(const State& state) const {
  Exit exit;
  for (const Hold& hold : state.holds) {
    if (hold.by_contract || hold.adopted || hold.stale || hold.kind == LockKind::kSemaphore) continue;
    // What a local lock is held for is over with the local.
    const Path& path = program_.path(hold.lock);
    if (path.root == Root::kLocal && !path.name && path.elements.empty() &&
        path.number < function_.locals.size() && !function_.locals[path.number].is_pointer)
      continue;
    Hold taken = hold;
    taken.lock = outward(hold.lock);
    exit.taken.push_back(taken);
  }
  for (const Hold& released : state.released) {
    Hold outer = released;
    outer.lock = outward(released.lock);
    exit.released.push_back(outer);
  }
  const bool is_constructor = (function_.flags & function_flags::kConstructor) != 0;
  for (const auto& [location, value] : state.values) {
    const Path& path = program_.path(location);
    const bool is_visible =
        !path.elements.empty() && (path.root == Root::kThis || path.root == Root::kParameter);
    if (!is_visible || exit.stores.size() >= kMostStores) continue;
    const Root root = program_.path(value).root;
    if (is_constructor || root == Root::kConstant || is_owner_copied(root))
      exit.stores.emplace_back(location, outward(value));
  }
  for (const auto& [object, guard] : state.guards) {
    const Path& path = program_.path(object);
    Guard outer = guard;
    for (PathId& lock : outer.locks) lock = outward(lock);
    if (state.returned && object == state.returned) {
      exit.returns_guard = true;
      exit.returned = outer;
    } else if (is_owner_copied(path.root)) {
      exit.guards.emplace_back(object, outer);
    }
  }
  for (const Fact& fact : state.facts) {
    const Path& left = program_.path(fact.left);
    if (is_owner_copied(left.root) && program_.path(fact.right).root == Root::kConstant &&
        exit.facts.size() < kMostFacts)
      exit.facts.push_back(fact);
  }
  if (state.returned) {
    const Path& path = program_.path(state.returned);
    if (path.root != Root::kResult && path.root != Root::kLocal) exit.value = state.returned;
    if (path.root == Root::kLocal && !path.elements.empty()) exit.value = outward(state.returned);
    if (path.root == Root::kFresh) {
      exit.value = {};
      exit.returns_fresh = path.elements.empty();
    }
    // The result of a call, of which no more is known than that it is, or is not, a certain number.
    for (const Fact& fact : state.facts) {
      if (fact.left == state.returned && fact.kind == Test::Kind::kEqual &&
          program_.path(fact.right).root == Root::kConstant)
        exit.value = fact.right;
      if (fact.left == state.returned && fact.kind == Test::Kind::kNotEqual && !exit.value)
        exit.facts.push_back({PathId{}, fact.kind, fact.right});
    }
  }
  exit.started = alive_in(state);
  exit.joined = state.joined;
  exit.is_thrown = state.has_thrown;
  return exit;
}

}  // namespace gordian::check
