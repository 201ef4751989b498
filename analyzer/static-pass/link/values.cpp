#include "analyzer/static-pass/link/values.h"

#include <algorithm>

namespace gordian::check {
namespace {

// A slot is a global, a field of any object, or a parameter or local of a function.
enum class SlotKind : uint64_t { kGlobal = 1, kField, kParameter, kLocal, kFieldOfGlobal };

uint64_t key(SlotKind kind, uint64_t high, uint64_t low) {
  return static_cast<uint64_t>(kind) << 60 | high << 24 | low;
}

}  // namespace

// At most one; none for what is not followed.
std::vector<Values::Key> Values::slots_of(FunctionId in, const Path& path) const {
  for (auto element = path.elements.rbegin(); element != path.elements.rend(); ++element) {
    if (element->kind == Element::Kind::kField) return {key(SlotKind::kField, 0, 0) | element->name.value};
  }
  switch (path.root) {
    case Root::kGlobal:
      return {key(SlotKind::kGlobal, 0, 0) | path.name.value};
    case Root::kParameter:
      return {key(SlotKind::kParameter, in.value, path.number & 0xffffff)};
    case Root::kLocal:
      return {key(SlotKind::kLocal, in.value, path.number & 0xffffff)};
    case Root::kCapture: {
      const Program::Home* home = program_.home_of(path.name);
      if (home == nullptr) return {};
      const auto& captures = program_.function(home->function).lambdas[home->lambda].captures;
      return path.number < captures.size() ? slots_of(home->function, captures[path.number].path)
                                           : std::vector<Key>{};
    }
    default:
      return {};
  }
}

// A field of a global itself, such as a table of functions; 0 for anything else.
Values::Key Values::exact_slot(const Path& path) const {
  if (path.root != Root::kGlobal || path.elements.empty()) return 0;
  const Variable* global = program_.global(path.name);
  if (global == nullptr || global->is_pointer) return 0;
  return key(SlotKind::kFieldOfGlobal, 0, 0) | program_.path(path).value;
}

void Values::flow(FunctionId in, Key target, const Path& value) {
  Slot& slot = slots_[target];
  if (is_function(value)) {
    const Symbol name =
        value.root == Root::kFunction ? value.name : program_.function(in).lambdas[value.number].key;
    if (const FunctionId function = program_.function_of(name)) slot.functions.insert(function);
    return;
  }
  if (value.root == Root::kGlobal) {
    const Variable* global = program_.global(value.name);
    if (global != nullptr && !global->is_pointer) slot.targets.insert(program_.path(value));
  } else if (value.root != Root::kConstant || value.number != 0) {
    slot.unknown = true;
  }
  for (const Key from : slots_of(in, value)) {
    if (from != target) copies_.emplace_back(from, target);
  }
}

Values::Values(Program& program) : program_(program) {
  for (uint32_t i = 0; i < program.functions().size(); ++i) {
    const FunctionId id{i};
    for (const Block& block : program.function(id).blocks) {
      for (const Op& op : block.ops) {
        if (op.kind == OpKind::kAssign && !op.arguments.empty()) {
          for (const Key target : slots_of(id, op.target)) flow(id, target, op.arguments[0].path);
          if (const Key target = exact_slot(op.target)) flow(id, target, op.arguments[0].path);
        }
        if (op.kind != OpKind::kCall) continue;
        const FunctionId callee = program.function_of(op.callee);
        if (!callee) continue;
        for (uint32_t k = 0; k < op.arguments.size(); ++k) {
          const Path& value = op.arguments[k].path;
          if (value.root == Root::kConstant || value.root == Root::kUnknown || value.root == Root::kResult)
            continue;
          flow(id, key(SlotKind::kParameter, callee.value, k), value);
        }
      }
    }
  }
  flow_functions();
}

bool Values::add_all(Slot& to, const Slot& from) {
  if (to.full) return false;
  const size_t before = to.functions.size();
  to.functions.insert(from.functions.begin(), from.functions.end());
  if (to.functions.size() > kMost) {
    to.full = true;
    to.functions.clear();
    ++overflowed_;
    return true;
  }
  return to.functions.size() != before;
}

void Values::flow_functions() {
  std::sort(copies_.begin(), copies_.end());
  copies_.erase(std::unique(copies_.begin(), copies_.end()), copies_.end());
  // Only from where functions are: most copies carry none.
  std::vector<Key> changed;
  for (const auto& [each, slot] : slots_) {
    if (!slot.functions.empty()) changed.push_back(each);
  }
  std::sort(changed.begin(), changed.end());
  while (!changed.empty()) {
    const Key from = changed.back();
    changed.pop_back();
    auto copy = std::lower_bound(copies_.begin(), copies_.end(), std::pair<Key, Key>(from, 0));
    for (; copy != copies_.end() && copy->first == from; ++copy) {
      if (add_all(slots_[copy->second], slots_[from])) changed.push_back(copy->second);
    }
  }
}

std::vector<FunctionId> Values::functions_at(PathId id) const {
  const Path& path = program_.path(id);
  if (path.root == Root::kFunction && path.elements.empty()) {
    const FunctionId function = program_.function_of(path.name);
    return function ? std::vector<FunctionId>{function} : std::vector<FunctionId>{};
  }
  if (path.root == Root::kLambda && path.elements.empty()) {
    const FunctionId function = program_.function_of(path.name);
    return function ? std::vector<FunctionId>{function} : std::vector<FunctionId>{};
  }
  const bool has_field = std::any_of(path.elements.begin(), path.elements.end(), [](const Element& element) {
    return element.kind == Element::Kind::kField;
  });
  // Parameters and locals are followed by the flow analysis, which knows the caller.
  if (!has_field && path.root != Root::kGlobal) return {};
  std::vector<FunctionId> result;
  const auto exact = slots_.find(exact_slot(path));
  if (exact != slots_.end() && !exact->second.functions.empty() && !exact->second.unknown)
    return {exact->second.functions.begin(), exact->second.functions.end()};
  for (const Key each : slots_of({}, path)) {
    const auto slot = slots_.find(each);
    if (slot != slots_.end())
      result.insert(result.end(), slot->second.functions.begin(), slot->second.functions.end());
  }
  return result;
}

PathId Values::only_target(PathId id) const {
  const Path& path = program_.path(id);
  if (path.root != Root::kGlobal || !path.elements.empty()) return {};
  const Variable* global = program_.global(path.name);
  if (global == nullptr || !global->is_pointer) return {};
  const auto slot = slots_.find(key(SlotKind::kGlobal, 0, 0) | path.name.value);
  if (slot == slots_.end() || slot->second.unknown || slot->second.targets.size() != 1) return {};
  return *slot->second.targets.begin();
}

}  // namespace gordian::check
