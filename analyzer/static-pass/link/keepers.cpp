#include "analyzer/static-pass/link/keepers.h"

#include <algorithm>
#include <map>

namespace gordian::check {
namespace {

// An object of the function: `this`, a parameter, a local.
struct Origin {
  Root root = Root::kThis;
  uint32_t number = 0;
  auto operator<=>(const Origin&) const = default;
};

bool is_plain_local(const Path& path) {
  return path.root == Root::kLocal && path.elements.empty();
}

}  // namespace

// Reads one function with what is known of the others by then.
class Keepers::Reader {
 public:
  Reader(Program& program, const Values& values, Keepers& keepers, FunctionId id)
      : program_(program), values_(values), keepers_(keepers), id_(id), function_(program.function(id)) {
    for (bool changed = true; changed;) {
      changed = false;
      each_op([&](const Op& op) {
        if (op.kind == OpKind::kAssign && is_plain_local(op.target) && !op.arguments.empty()) {
          std::set<Origin>& known = aliases_[op.target.number];
          for (const Origin& origin : origins(op.arguments[0].path)) changed |= known.insert(origin).second;
        }
      });
    }
  }

  bool run() {
    each_op([&](const Op& op) {
      const bool stores = op.kind == OpKind::kAssign && !is_plain_local(op.target) && !op.arguments.empty();
      if (stores && !is_in_itself(op.target, op.arguments[0].path)) keep(op.arguments[0].path);
      if (op.kind == OpKind::kCall) read_call(op);
    });
    return changed_;
  }

 private:
  template <typename Do>
  void each_op(Do action) const {
    for (const Block& block : function_.blocks) {
      for (const Op& op : block.ops) action(op);
    }
  }

  std::set<Origin> origins(const Path& path) const {
    if (!path.elements.empty()) return {};
    if (path.root == Root::kThis) return {{Root::kThis, 0}};
    if (path.root == Root::kParameter) return {{Root::kParameter, path.number}};
    if (path.root != Root::kLocal) return {};
    const auto known = aliases_.find(path.number);
    std::set<Origin> result = known == aliases_.end() ? std::set<Origin>{} : known->second;
    result.insert({Root::kLocal, path.number});
    return result;
  }

  // An object that points to itself, as an empty ring does, is not given away by that.
  bool is_in_itself(const Path& target, const Path& value) const {
    Path whole = target;
    whole.elements.clear();
    return target.root != Root::kGlobal && value.elements.empty() && whole == value;
  }

  void keep(const Path& path) {
    for (const Origin& origin : origins(path)) {
      if (origin.root == Root::kLocal) {
        keepers_.kept_locals_.insert({id_, origin.number});
      } else {
        const uint32_t place = origin.root == Root::kThis ? 0 : origin.number + 1;
        changed_ |= keepers_.kept_.insert({id_, place}).second;
      }
    }
  }

  std::vector<FunctionId> callees(const Op& op) const {
    std::vector<FunctionId> result;
    if (!op.callee) {
      const std::vector<FunctionId> known = values_.functions_at(program_.path(op.target));
      result.assign(known.begin(), known.end());
    } else if (const FunctionId callee = program_.function_of(op.callee)) {
      result.push_back(callee);
    }
    if ((op.flags & op_flags::kVirtual) != 0) {
      for (const FunctionId each : program_.overriders(op.callee)) result.push_back(each);
    }
    return result;
  }

  void read_call(const Op& op) {
    const std::vector<FunctionId> known = callees(op);
    if (known.empty()) {
      const std::string& name = program_.text(op.name);
      const bool is_plain_c = op.callee && name.find("::") == std::string::npos;
      if (is_plain_c) return;
      for (const Value& value : op.arguments) keep(value.path);
      return;
    }
    for (const FunctionId callee : known) {
      if (keepers_.keeps_this(callee)) keep(op.object.path);
      for (size_t i = 0; i < op.arguments.size(); ++i) {
        if (keepers_.keeps(callee, i)) keep(op.arguments[i].path);
      }
    }
  }

  Program& program_;
  const Values& values_;
  Keepers& keepers_;
  FunctionId id_;
  const Function& function_;
  std::map<uint32_t, std::set<Origin>> aliases_;  // of the pointers among the locals
  bool changed_ = false;
};

Keepers::Keepers(Program& program, const Values& values) {
  // Callers are read again when one of their callees has turned out to keep something.
  std::vector<std::vector<uint32_t>> callers(program.functions().size());
  for (uint32_t i = 0; i < callers.size(); ++i) {
    for (const Block& block : program.function({i}).blocks) {
      for (const Op& op : block.ops) {
        if (op.kind != OpKind::kCall || !op.callee) continue;
        if (const FunctionId callee = program.function_of(op.callee)) callers[callee.value].push_back(i);
        for (const FunctionId each : program.overriders(op.callee)) callers[each.value].push_back(i);
      }
    }
  }
  std::vector<uint32_t> open;
  std::vector<bool> is_open(callers.size(), true);
  for (uint32_t i = static_cast<uint32_t>(callers.size()); i > 0; --i) open.push_back(i - 1);
  while (!open.empty()) {
    const uint32_t id = open.back();
    open.pop_back();
    is_open[id] = false;
    if (!Reader(program, values, *this, {id}).run()) continue;
    for (const uint32_t caller : callers[id]) {
      if (is_open[caller]) continue;
      is_open[caller] = true;
      open.push_back(caller);
    }
  }
}

}  // namespace gordian::check
