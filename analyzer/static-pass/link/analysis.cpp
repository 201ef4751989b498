#include "analyzer/static-pass/link/analysis.h"

#include <algorithm>

namespace gordian::check {
namespace {

constexpr size_t kMostOpenOrders = 96;

// Who may call whom, as far as it is known before paths are followed.
std::vector<std::vector<FunctionId>> call_graph(Program& program, const Values& values) {
  std::vector<std::vector<FunctionId>> callees(program.functions().size());
  for (uint32_t i = 0; i < callees.size(); ++i) {
    const Function& function = program.function({i});
    const auto add = [&](FunctionId callee) {
      if (callee) callees[i].push_back(callee);
    };
    for (const Block& block : function.blocks) {
      for (const Op& op : block.ops) {
        if (op.kind != OpKind::kCall) continue;
        add(program.function_of(op.callee));
        if (!op.callee) {
          for (const FunctionId each : values.functions_at(program.path(op.target))) add(each);
        }
        if ((op.flags & op_flags::kVirtual) != 0) {
          for (const FunctionId each : program.overriders(op.callee)) add(each);
        }
        // Functions that are passed on are known before the one that passes them.
        for (const Value& value : op.arguments) {
          if (value.path.root == Root::kFunction) add(program.function_of(value.path.name));
        }
      }
    }
    for (const Lambda& lambda : function.lambdas) add(program.function_of(lambda.key));
    std::sort(callees[i].begin(), callees[i].end());
    callees[i].erase(std::unique(callees[i].begin(), callees[i].end()), callees[i].end());
  }
  return callees;
}

// Tarjan: Depth-first search and linear graph algorithms, 1972; without recursion. Called functions come
// first.
class Components {
 public:
  explicit Components(const std::vector<std::vector<FunctionId>>& graph)
      : graph_(graph), index_(graph.size(), kNone), low_(graph.size()), on_stack_(graph.size()) {
    for (uint32_t i = 0; i < graph.size(); ++i) {
      if (index_[i] == kNone) visit(i);
    }
  }
  const std::vector<std::vector<FunctionId>>& list() const { return components_; }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;

  void visit(uint32_t root) {
    std::vector<std::pair<uint32_t, size_t>> frames;
    open(root, frames);
    while (!frames.empty()) {
      auto& [node, edge] = frames.back();
      if (edge < graph_[node].size()) {
        const uint32_t next = graph_[node][edge++].value;
        if (index_[next] == kNone) {
          open(next, frames);
        } else if (on_stack_[next]) {
          low_[node] = std::min(low_[node], index_[next]);
        }
        continue;
      }
      const uint32_t done = node;
      frames.pop_back();
      if (!frames.empty()) low_[frames.back().first] = std::min(low_[frames.back().first], low_[done]);
      if (low_[done] == index_[done]) close(done);
    }
  }

  void open(uint32_t node, std::vector<std::pair<uint32_t, size_t>>& frames) {
    index_[node] = low_[node] = next_++;
    stack_.push_back(node);
    on_stack_[node] = true;
    frames.emplace_back(node, 0);
  }

  void close(uint32_t root) {
    std::vector<FunctionId> component;
    uint32_t node = kNone;
    do {
      node = stack_.back();
      stack_.pop_back();
      on_stack_[node] = false;
      component.push_back({node});
    } while (node != root);
    std::sort(component.begin(), component.end());
    components_.push_back(std::move(component));
  }

  const std::vector<std::vector<FunctionId>>& graph_;
  std::vector<uint32_t> index_;
  std::vector<uint32_t> low_;
  std::vector<bool> on_stack_;
  std::vector<uint32_t> stack_;
  uint32_t next_ = 0;
  std::vector<std::vector<FunctionId>> components_;
};

template <typename T>
void append(std::vector<T>& to, std::vector<T>& from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

class Linker {
 public:
  explicit Linker(Analysis& analysis)
      : analysis_(analysis), shared_(analysis.shared), program_(analysis.program) {}

  void run() {
    const auto graph = call_graph(program_, shared_.values);
    shared_.effects.assign(graph.size(), Effects{});
    analysis_.callers.assign(graph.size(), {});
    for (uint32_t i = 0; i < graph.size(); ++i) {
      for (const FunctionId callee : graph[i]) {
        if (callee.value != i) analysis_.callers[callee.value].push_back({i});
      }
    }
    find_recursive_locks();
    per_function_.resize(graph.size());
    const Components components(graph);
    for (const std::vector<FunctionId>& component : components.list()) settle(component, graph);
    for (Events& events : per_function_) gather(events);
  }

 private:
  // Initialisations with an attribute come before everything else that is asked of locks.
  void find_recursive_locks() {
    for (uint32_t i = 0; i < program_.functions().size(); ++i) {
      const bool initialises = std::ranges::any_of(program_.function({i}).blocks, [&](const Block& block) {
        return std::ranges::any_of(block.ops, [&](const Op& op) {
          const Model* model =
              op.kind == OpKind::kCall ? shared_.models.find(program_.text(op.name)) : nullptr;
          return model != nullptr &&
                 (model->effect == Effect::kInitialise || model->effect == Effect::kSetType);
        });
      });
      if (initialises) analyse_function(shared_, {i});
      if ((program_.function({i}).flags & function_flags::kInitialisers) != 0) find_static_kinds({i});
    }
  }

  // A mutex within something that is initialised statically has its kind assigned.
  void find_static_kinds(FunctionId id) {
    for (const Block& block : program_.function(id).blocks) {
      for (const Op& op : block.ops) {
        if (op.kind != OpKind::kAssign || op.arguments.empty()) continue;
        const Value& value = op.arguments[0];
        if (program_.text(value.type) == "pthread_mutex_t" && value.path.root == Root::kConstant &&
            value.path.number != 0)
          (value.path.number == 1 ? shared_.recursive_locks : shared_.checking_locks)
              .insert(program_.path(op.target));
      }
    }
  }

  void settle(const std::vector<FunctionId>& component, const std::vector<std::vector<FunctionId>>& graph) {
    const FunctionId first = component.front();
    const bool is_recursive = component.size() > 1 || std::ranges::binary_search(graph[first.value], first);
    const int rounds = is_recursive ? 2 : 1;
    for (int round = 0; round < rounds; ++round) {
      for (const FunctionId id : component) {
        FunctionResult result = analyse_function(shared_, id);
        const bool last = round + 1 == rounds;
        keep_orders(id, result, last && is_recursive);
        shared_.effects[id.value] = std::move(result.effects);
        if (last) per_function_[id.value] = std::move(result.events);
      }
    }
  }

  // An order between locks of different classes is the program's. What the caller may know better, which
  // parameter is which object, goes to it as well, and is told of this function only when nobody calls it.
  void keep_orders(FunctionId id, FunctionResult& result, bool is_recursive) {
    std::vector<Order> told;
    for (Order& order : result.events.orders) {
      order.from = analysis_.names.settled(outward(order.from, id), id);
      order.to = analysis_.names.settled(outward(order.to, id), id);
      for (PathId& guard : order.guards) guard = analysis_.names.settled(outward(guard, id), id);
      const LockClass from = analysis_.names.class_of(order.from);
      const LockClass to = analysis_.names.class_of(order.to);
      const bool has_parameter =
          from.kind == LockClass::Kind::kParameter || to.kind == LockClass::Kind::kParameter;
      const bool is_inner = is_inner_lock(order.from) || is_inner_lock(order.to);
      const bool is_open = has_parameter || is_inner ||
                           (from == to && from.kind == LockClass::Kind::kField &&
                            (is_relative(order.from) || is_relative(order.to)));
      const bool has_callers = !analysis_.callers[id.value].empty() && !is_recursive;
      if (is_open && has_callers && result.effects.orders.size() < kMostOpenOrders) {
        Order outer = order;
        outer.from = unsettled(order.from, id);
        outer.to = unsettled(order.to, id);
        for (PathId& guard : outer.guards) guard = unsettled(guard, id);
        result.effects.orders.push_back(outer);
        continue;
      }
      if (is_open && has_callers) ++shared_.dropped;
      if (from.kind != LockClass::Kind::kNone && to.kind != LockClass::Kind::kNone) told.push_back(order);
    }
    result.events.orders = std::move(told);
  }

  // Parameters of this function are called by their number alone, as its callers replace them.
  PathId unsettled(PathId id, FunctionId in) {
    Path path = program_.path(id);
    if (path.root != Root::kParameter || path.name != program_.function(in).key) return id;
    path.name = {};
    return program_.path(std::move(path));
  }

  PathId outward(PathId id, FunctionId in) {
    const Path& path = program_.path(id);
    (void)in;
    if (path.root != Root::kResult && path.root != Root::kFresh) return id;
    Path unknown = path;
    unknown.root = Root::kUnknown;
    unknown.number = 0;
    unknown.name = {};
    return program_.path(std::move(unknown));
  }

  // The only member of a parameter: of a class that wraps a lock, the lock that only the caller can name.
  bool is_inner_lock(PathId id) const {
    return is_relative(id) && program_.path(id).elements.size() == 1 && program_.is_wrapped(id);
  }

  bool is_relative(PathId id) const {
    const Root root = program_.path(id).root;
    return root == Root::kParameter || root == Root::kThis;
  }

  void gather(Events& events) {
    Events& all = analysis_.events;
    append(all.double_locks, events.double_locks);
    append(all.missing_unlocks, events.missing_unlocks);
    append(all.unlocks_not_held, events.unlocks_not_held);
    append(all.held_at_end, events.held_at_end);
    append(all.unheld_by_caller, events.unheld_by_caller);
    append(all.waits, events.waits);
    append(all.blocked, events.blocked);
    append(all.suspensions, events.suspensions);
    append(all.unnamed_guards, events.unnamed_guards);
    append(all.accesses, events.accesses);
    append(all.calls, events.calls);
    append(all.starts, events.starts);
    append(all.signals, events.signals);
    append(all.orders, events.orders);
  }

  Analysis& analysis_;
  Shared& shared_;
  Program& program_;
  std::vector<Events> per_function_;
};

}  // namespace

void analyse(Analysis& analysis) {
  Linker(analysis).run();
}

}  // namespace gordian::check
