#include "analyzer/static-pass/link/lock_identity.h"

#include <algorithm>

namespace gordian::check {
namespace {

std::string_view last_part(std::string_view name) {
  const size_t colons = name.rfind("::");
  return colons == std::string_view::npos ? name : name.substr(colons + 2);
}

bool is_field(const Element& element) {
  return element.kind == Element::Kind::kField;
}

}  // namespace

LockClass LockNames::class_of(PathId id) const {
  const Path& path = program_.path(id);
  for (auto element = path.elements.rbegin(); element != path.elements.rend(); ++element) {
    if (is_field(*element)) {
      if (program_.text(element->name).starts_with('<')) return {};
      return {LockClass::Kind::kField, element->name, 0};
    }
  }
  switch (path.root) {
    case Root::kGlobal:
      return {LockClass::Kind::kGlobal, path.name, 0};
    case Root::kLocal:
      return {LockClass::Kind::kLocal, path.name, path.number};
    case Root::kParameter:
      return {LockClass::Kind::kParameter, path.name, path.number};
    default:
      return {};
  }
}

PathId LockNames::settled(PathId id, FunctionId in) const {
  for (int depth = 0; depth < 6; ++depth) {
    Path path = program_.path(id);
    if ((path.root == Root::kLocal || path.root == Root::kParameter) && !path.name) {
      path.name = program_.function(in).key;
      return program_.path(std::move(path));
    }
    if (path.root != Root::kCapture) return id;
    const Program::Home* home = program_.home_of(path.name);
    if (home == nullptr) return id;
    const auto& captures = program_.function(home->function).lambdas[home->lambda].captures;
    if (path.number >= captures.size()) return id;
    id = program_.extended(program_.path(captures[path.number].path), path.elements);
    in = home->function;
  }
  return id;
}

bool LockNames::is_instance(PathId id) const {
  const Path& path = program_.path(id);
  const bool is_vague = std::ranges::any_of(path.elements, [&](const Element& each) {
    const std::string& name = program_.text(each.name);
    return each.kind == Element::Kind::kIndex &&
           (name.empty() || !std::isdigit(static_cast<unsigned char>(name[0])));
  });
  if (is_vague) return false;
  if (path.root == Root::kGlobal) {
    const Variable* global = program_.global(path.name);
    // What a pointer leads to is known by its class, unless it is a lock itself.
    return path.elements.empty() || global == nullptr || !global->is_pointer;
  }
  if (path.root != Root::kLocal || !path.name) return false;
  const FunctionId owner = program_.function_of(path.name);
  if (!owner || path.number >= program_.function(owner).locals.size()) return false;
  return !program_.function(owner).locals[path.number].is_pointer;
}

bool LockNames::may_be_same(PathId one, PathId other) const {
  if (one == other) return true;
  if (class_of(one) != class_of(other)) return false;
  if (!is_instance(one) || !is_instance(other)) return true;
  // Two objects; elements of one array with different constant indices, too.
  return false;
}

std::string LockNames::stable(PathId id) const {
  const Path& path = program_.path(id);
  const LockClass lock = class_of(id);
  if (lock.kind == LockClass::Kind::kField && !is_instance(id)) return program_.text(lock.name);
  std::string name;
  if (path.root == Root::kGlobal) {
    const Variable* global = program_.global(path.name);
    name = global != nullptr ? program_.text(global->name) : program_.text(path.name);
  } else if (path.root == Root::kLocal || path.root == Root::kParameter) {
    const FunctionId owner = program_.function_of(path.name);
    if (!owner) return "a lock";
    const Function& function = program_.function(owner);
    const std::vector<Variable>& list = path.root == Root::kLocal ? function.locals : function.parameters;
    const std::string variable = path.number < list.size() ? program_.text(list[path.number].name) : "";
    name = program_.text(function.plain) + "()::" + (variable.empty() ? "a temporary" : variable);
  } else {
    return lock.kind == LockClass::Kind::kField ? program_.text(lock.name) : "a lock";
  }
  for (const Element& element : path.elements) {
    const std::string& text = program_.text(element.name);
    if (is_field(element)) {
      name += '.';
      name += last_part(text);
    } else {
      name += '[' + (!text.empty() && std::isdigit(static_cast<unsigned char>(text[0])) ? text : "") + ']';
    }
  }
  return name;
}

std::string LockNames::spelled(PathId id, FunctionId in) const {
  const Path& path = program_.path(id);
  std::string name;
  bool is_pointer = false;
  const auto take = [&](const std::vector<Variable>& list) {
    if (path.number >= list.size()) return;
    name = program_.text(list[path.number].name);
    is_pointer = list[path.number].is_pointer;
  };
  if (path.root == Root::kThis) {
    name = "this";
    is_pointer = true;
  } else if (path.root == Root::kGlobal) {
    const Variable* global = program_.global(path.name);
    if (global == nullptr) return {};
    name = program_.text(global->name);
    is_pointer = global->is_pointer;
  } else if (path.root == Root::kParameter || path.root == Root::kLocal) {
    const FunctionId owner = path.name ? program_.function_of(path.name) : in;
    if (!owner) return {};
    take(path.root == Root::kLocal ? program_.function(owner).locals : program_.function(owner).parameters);
  }
  if (name.empty()) return {};
  for (const Element& element : path.elements) {
    const std::string& text = program_.text(element.name);
    if (is_field(element)) {
      if (text.starts_with('<')) continue;
      name += is_pointer ? "->" : ".";
      name += last_part(text);
      const Field* field = program_.field(element.name);
      is_pointer = field != nullptr && field->is_pointer;
    } else {
      name += '[' + text + ']';
      is_pointer = false;
    }
  }
  return name;
}

std::string LockNames::display(PathId id, FunctionId in) const {
  const std::string name = stable(id);
  if (class_of(id).kind != LockClass::Kind::kField || is_instance(id)) return name;
  const std::string path = spelled(id, in);
  // `this->lock` adds nothing to `Account::lock`.
  if (path.empty() || program_.path(id).root == Root::kThis) return name;
  return name + " (" + path + ")";
}

}  // namespace gordian::check
