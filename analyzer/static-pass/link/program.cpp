#include "analyzer/static-pass/link/program.h"

#include <algorithm>
#include <cstddef>

namespace gordian::check {
namespace {

// Longer paths come from recursion through data, and tell nobody anything.
constexpr size_t kLongestPath = 6;

// Rewrites every symbol of a unit's data.
class Renamer {
 public:
  explicit Renamer(const std::vector<Symbol>& map) : map_(map) {}

  void operator()(Symbol& symbol) const {
    symbol = symbol.value < map_.size() ? map_[symbol.value] : Symbol{};
  }
  void operator()(Place& place) const { (*this)(place.file); }
  void operator()(Element& element) const { (*this)(element.name); }
  void operator()(Path& path) const {
    (*this)(path.name);
    all(path.elements);
  }
  void operator()(Value& value) const {
    (*this)(value.path);
    (*this)(value.type);
  }
  void operator()(Op& op) const {
    (*this)(op.place);
    (*this)(op.callee);
    (*this)(op.name);
    (*this)(op.target);
    (*this)(op.object);
    all(op.arguments);
  }
  void operator()(Edge& edge) const {
    (*this)(edge.test.left);
    (*this)(edge.test.right);
  }
  void operator()(Block& block) const {
    all(block.ops);
    all(block.edges);
  }
  void operator()(Variable& variable) const {
    (*this)(variable.key);
    (*this)(variable.name);
    (*this)(variable.type);
    (*this)(variable.place);
    (*this)(variable.guarded_by);
    all(variable.acquired_before);
    all(variable.acquired_after);
  }
  void operator()(Field& field) const {
    (*this)(field.key);
    (*this)(field.owner);
    (*this)(field.type);
    (*this)(field.place);
    (*this)(field.guarded_by);
    all(field.acquired_before);
    all(field.acquired_after);
  }
  void operator()(Class& declared) const {
    (*this)(declared.name);
    all(declared.bases);
  }
  void operator()(Lambda& lambda) const {
    (*this)(lambda.key);
    for (Lambda::Capture& capture : lambda.captures) (*this)(capture.path);
  }
  void operator()(Contract& contract) const { (*this)(contract.lock); }
  void operator()(Declaration& declaration) const {
    (*this)(declaration.key);
    (*this)(declaration.plain);
    all(declaration.contracts);
  }
  void operator()(Function& function) const {
    (*this)(function.key);
    (*this)(function.name);
    (*this)(function.plain);
    (*this)(function.owner);
    (*this)(function.place);
    (*this)(function.end);
    all(function.parameters);
    all(function.locals);
    all(function.lambdas);
    all(function.contracts);
    all(function.blocks);
  }

 private:
  template <typename T>
  void all(std::vector<T>& list) const {
    for (T& each : list) (*this)(each);
  }

  const std::vector<Symbol>& map_;
};

// A capture is known by the lambda that it belongs to, wherever its path is carried.
void own_captures(Function& function) {
  if ((function.flags & function_flags::kLambda) == 0) return;
  const auto own = [&](Path& path) {
    if (path.root == Root::kCapture) path.name = function.key;
  };
  for (Lambda& inner : function.lambdas) {
    for (Lambda::Capture& capture : inner.captures) own(capture.path);
  }
  for (Block& block : function.blocks) {
    for (Op& op : block.ops) {
      own(op.target);
      own(op.object.path);
      for (Value& value : op.arguments) own(value.path);
    }
    for (Edge& edge : block.edges) {
      own(edge.test.left);
      own(edge.test.right);
    }
  }
}

bool is_named_as_lock(std::string_view type) {
  const size_t colons = type.rfind("::");
  const std::string_view name = colons == std::string_view::npos ? type : type.substr(colons + 2);
  const auto has = [&](std::string_view part) { return name.find(part) != std::string_view::npos; };
  return has("Mutex") || has("mutex") || name.ends_with("Lock") || name.ends_with("_lock") ||
         name.ends_with("_lock_t") || name == "lock" || name == "spinlock" || name.ends_with("Latch") ||
         name.ends_with("Semaphore");
}

void mix(size_t& seed, size_t value) {
  seed ^= value + 0x9e3779b97f4a7c15 + (seed << 6) + (seed >> 2);
}

}  // namespace

size_t Program::PathHash::operator()(const Path& path) const {
  size_t seed = static_cast<size_t>(path.root);
  mix(seed, path.number);
  mix(seed, path.name.value);
  for (const Element& element : path.elements) {
    mix(seed, static_cast<size_t>(element.kind));
    mix(seed, element.name.value);
  }
  return seed;
}

Program::Program() {
  symbol("");
  path(Path{});
}

Symbol Program::symbol(std::string_view text) {
  auto known = symbols_.find(text);
  if (known == symbols_.end()) {
    known = symbols_.emplace(std::string(text), static_cast<uint32_t>(texts_.size())).first;
    texts_.push_back(&known->first);
  }
  return {known->second};
}

PathId Program::path(Path path) {
  if (path.root == Root::kUnknown && path.elements.empty()) path = Path{};
  const auto [place, is_new] = path_ids_.try_emplace(std::move(path), static_cast<uint32_t>(paths_.size()));
  if (is_new) paths_.push_back(&place->first);
  return {place->second};
}

PathId Program::extended(PathId id, const std::vector<Element>& elements, size_t from) {
  if (from >= elements.size()) return id;
  Path longer = path(id);
  longer.elements.insert(longer.elements.end(), elements.begin() + static_cast<std::ptrdiff_t>(from),
                         elements.end());
  if (longer.elements.size() > kLongestPath) {
    longer.root = Root::kUnknown;
    longer.number = 0;
    longer.name = {};
    longer.elements.erase(longer.elements.begin(), longer.elements.end() - kLongestPath);
  }
  return path(std::move(longer));
}

bool Program::is_object(const Path& path) const {
  const auto is_struct = [&](Symbol type) {
    const std::string_view name = text(type);
    return owners_.contains(type) || name == "pthread_mutex_t" || name == "pthread_rwlock_t" ||
           (name.starts_with("std::") && name.ends_with("mutex"));
  };
  if (!path.elements.empty()) {
    const Element& element = path.elements.back();
    const Field* last = element.kind == Element::Kind::kField ? field(element.name) : nullptr;
    return last != nullptr && !last->is_pointer && is_struct(last->type);
  }
  if (path.root != Root::kGlobal) return false;
  const Variable* variable = global(path.name);
  return variable != nullptr && !variable->is_pointer && is_struct(variable->type);
}

bool Program::is_wrapped(PathId id) const {
  const Path& whole = path(id);
  if (whole.elements.empty() || whole.elements.back().kind != Element::Kind::kField) return false;
  const Field* last = field(whole.elements.back().name);
  return last != nullptr && is_wrapped(*last);
}

bool Program::ends_in_pointer(const Path& path) const {
  if (path.elements.empty() || path.elements.back().kind != Element::Kind::kField) return false;
  const Field* last = field(path.elements.back().name);
  return last != nullptr && last->is_pointer;
}

bool Program::is_wrapped(const Field& field) const {
  return is_named_as_lock(text(field.owner));
}

PathId Program::lock_of(PathId id) {
  const auto [known, is_new] = lock_of_.try_emplace(id.value, id.value);
  if (!is_new) return {known->second};
  Path inner = path(id);
  while (!inner.elements.empty() && inner.elements.back().kind == Element::Kind::kField) {
    const Field* last = field(inner.elements.back().name);
    if (last == nullptr || !is_named_as_lock(text(last->owner))) break;
    const bool is_of_parameter = inner.root == Root::kThis || inner.root == Root::kParameter ||
                                 inner.root == Root::kUnknown || inner.root == Root::kCapture;
    // What the caller's object is, only the caller knows.
    if (is_of_parameter && inner.elements.size() == 1) break;
    inner.elements.pop_back();
  }
  const PathId result = path(std::move(inner));
  lock_of_[id.value] = result.value;
  return result;
}

void Program::add(Unit unit) {
  std::vector<Symbol> map;
  map.reserve(unit.strings.size());
  for (const std::string& text : unit.strings) map.push_back(symbol(text));
  const Renamer rename(map);
  for (Function& function : unit.functions) {
    Symbol key = function.key;
    rename(key);
    if (function_ids_.contains(key.value)) continue;
    rename(function);
    own_captures(function);
    function_ids_.emplace(key.value, static_cast<uint32_t>(functions_.size()));
    functions_.push_back(std::move(function));
  }
  for (Declaration& declaration : unit.declarations) {
    rename(declaration);
    contracts_.try_emplace(declaration.key.value, std::move(declaration.contracts));
  }
  for (Variable& global : unit.globals) {
    rename(global);
    const auto [known, is_new] = globals_.try_emplace(global.key.value, global);
    if (!is_new && global.mutex_kind != 0) known->second = global;
  }
  for (Field& field : unit.fields) {
    rename(field);
    owners_.insert(field.owner);
    fields_.try_emplace(field.key.value, std::move(field));
  }
  for (Class& declared : unit.classes) {
    rename(declared);
    classes_.try_emplace(declared.name.value, std::move(declared));
  }
  for (const Override& each : unit.overrides)
    overrides_.insert({map[each.overridden.value], map[each.method.value]});
}

void Program::finish() {
  for (uint32_t i = 0; i < functions_.size(); ++i) {
    for (uint32_t lambda = 0; lambda < functions_[i].lambdas.size(); ++lambda)
      homes_.try_emplace(functions_[i].lambdas[lambda].key.value, Home{{i}, lambda});
    if (!functions_[i].contracts.empty())
      contracts_.try_emplace(functions_[i].key.value, functions_[i].contracts);
  }
  const auto direct = [&](Symbol method) {
    std::vector<Symbol> result;
    for (auto it = overrides_.lower_bound({method, Symbol{}}); it != overrides_.end() && it->first == method;
         ++it)
      result.push_back(it->second);
    return result;
  };
  Symbol last;
  for (const auto& [overridden, method] : overrides_) {
    if (overridden == last) continue;
    last = overridden;
    std::set<Symbol> seen;
    std::vector<Symbol> open = direct(overridden);
    while (!open.empty()) {
      const Symbol next = open.back();
      open.pop_back();
      if (!seen.insert(next).second) continue;
      if (const FunctionId id = function_of(next)) overriders_[overridden.value].push_back(id);
      for (const Symbol further : direct(next)) open.push_back(further);
    }
  }
  for (auto& [method, list] : overriders_) std::sort(list.begin(), list.end());
}

FunctionId Program::function_of(Symbol key) const {
  const auto place = function_ids_.find(key.value);
  return place == function_ids_.end() || !key ? FunctionId{} : FunctionId{place->second};
}

std::vector<const Field*> Program::fields() const {
  std::vector<const Field*> result;
  for (const auto& [key, field] : fields_) result.push_back(&field);
  std::ranges::sort(result, {}, [](const Field* field) { return field->key; });
  return result;
}

std::vector<const Variable*> Program::globals() const {
  std::vector<const Variable*> result;
  for (const auto& [key, global] : globals_) result.push_back(&global);
  std::ranges::sort(result, {}, [](const Variable* global) { return global->key; });
  return result;
}

const Variable* Program::global(Symbol key) const {
  const auto place = globals_.find(key.value);
  return place == globals_.end() ? nullptr : &place->second;
}

const Field* Program::field(Symbol key) const {
  const auto place = fields_.find(key.value);
  return place == fields_.end() ? nullptr : &place->second;
}

const Class* Program::class_of(Symbol name) const {
  const auto place = classes_.find(name.value);
  return place == classes_.end() ? nullptr : &place->second;
}

const std::vector<Contract>* Program::contracts_of(Symbol key) const {
  const auto place = contracts_.find(key.value);
  return place == contracts_.end() ? nullptr : &place->second;
}

const std::vector<FunctionId>& Program::overriders(Symbol method) const {
  static const std::vector<FunctionId> kNone;
  const auto place = overriders_.find(method.value);
  return place == overriders_.end() ? kNone : place->second;
}

const Program::Home* Program::home_of(Symbol lambda_key) const {
  const auto place = homes_.find(lambda_key.value);
  return place == homes_.end() ? nullptr : &place->second;
}

}  // namespace gordian::check
