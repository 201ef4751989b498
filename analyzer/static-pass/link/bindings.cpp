#include "analyzer/static-pass/link/bindings.h"

namespace gordian::check {

Bindings::Bindings(const Analysis& analysis, const Concurrency& concurrency)
    : analysis_(analysis), concurrency_(concurrency) {
  // Ends: what is known of a place only goes from one object to several, and to unknown.
  for (bool changed = true; changed;) {
    changed = false;
    for (const CallSite& site : analysis.events.calls) {
      changed |= bind(site.callee, Root::kThis, 0, site.object, site.caller);
      for (uint32_t i = 0; i < site.arguments.size(); ++i)
        changed |= bind(site.callee, Root::kParameter, i, site.arguments[i], site.caller);
    }
    for (const ThreadStart& start : analysis.events.starts) {
      // A member function's object is the first that a thread is given.
      const Function& entry = analysis.program.function(start.entry);
      const bool is_member = entry.owner && (entry.flags & function_flags::kLambda) == 0;
      for (uint32_t i = 0; i < start.arguments.size(); ++i) {
        if (is_member && i == 0) {
          changed |= bind(start.entry, Root::kThis, 0, start.arguments[0], start.in);
        } else {
          changed |= bind(start.entry, Root::kParameter, is_member ? i - 1 : i, start.arguments[i], start.in);
        }
      }
    }
  }
  find_locals_in_threads();
}

void Bindings::find_locals_in_threads() {
  for (const ThreadStart& start : analysis_.events.starts) {
    for (const PathId argument : start.arguments) add_local(bound(argument, start.in));
    add_captured(start.entry);
  }
  for (const FunctionId escaped : analysis_.shared.escaped) add_captured(escaped);
}

void Bindings::add_captured(FunctionId lambda) {
  const Program::Home* home = analysis_.program.home_of(analysis_.program.function(lambda).key);
  if (home == nullptr) return;
  const Lambda& made = analysis_.program.function(home->function).lambdas[home->lambda];
  for (const Lambda::Capture& capture : made.captures) {
    // What `this` points to is not copied with it.
    if (!capture.by_copy || capture.path.root == Root::kThis)
      add_local(bound(analysis_.program.path(capture.path), home->function));
  }
}

void Bindings::add_local(PathId path) {
  const Path& local = analysis_.program.path(path);
  if (local.root == Root::kLocal && local.name) in_threads_.insert({local.name, local.number});
}

bool Bindings::is_in_threads(PathId path) const {
  const Path& local = analysis_.program.path(path);
  return local.root == Root::kLocal && in_threads_.contains({local.name, local.number});
}

bool Bindings::bind(FunctionId callee, Root root, uint32_t number, PathId value, FunctionId caller) {
  if (!value && root == Root::kThis) return false;
  Binding& binding = bindings_[{callee, root, number}];
  // Whoever can be called from outside can be given anything.
  if (!binding.unknown && concurrency_.is_called_from_outside(callee)) return binding.unknown = true;
  const PathId object = bound(value, caller);
  const Root object_root = analysis_.program.path(object).root;
  const bool is_object = analysis_.names.is_instance(object) && object_root != Root::kUnknown;
  if (!is_object) {
    const bool is_passed_on = object_root == Root::kThis || object_root == Root::kParameter;
    if (binding.unknown || (is_passed_on && !is_given_anything(object, caller))) return false;
    return binding.unknown = true;
  }
  if (binding.several || binding.object == object) return false;
  if (binding.object) {
    binding.several = true;
  } else {
    binding.object = object;
  }
  return true;
}

// What is passed on is as unknown as what was given.
bool Bindings::is_given_anything(PathId object, FunctionId in) const {
  const Path& path = analysis_.program.path(object);
  if (!path.elements.empty() || concurrency_.is_called_from_outside(in)) return true;
  const Binding* binding = find(path, in);
  return binding != nullptr && (binding->unknown || binding->several);
}

const Bindings::Binding* Bindings::find(const Path& path, FunctionId in) const {
  if (path.root != Root::kThis && path.root != Root::kParameter) return nullptr;
  const FunctionId owner = path.name ? analysis_.program.function_of(path.name) : in;
  const auto place = bindings_.find({owner, path.root, path.root == Root::kThis ? 0 : path.number});
  return place == bindings_.end() ? nullptr : &place->second;
}

PathId Bindings::bound(PathId path, FunctionId in) const {
  const PathId settled = analysis_.names.settled(path, in);
  const Path known = analysis_.program.path(settled);
  // A captured `this` is that of the function around the lambda.
  FunctionId of = in;
  for (const Program::Home* home = nullptr;
       (home = analysis_.program.home_of(analysis_.program.function(of).key)) != nullptr;)
    of = home->function;
  const Binding* binding =
      find(known, known.root == Root::kThis && analysis_.program.path(path).root == Root::kCapture ? of : in);
  if (binding == nullptr || binding->several || binding->unknown || !binding->object) return settled;
  return analysis_.program.extended(binding->object, known.elements);
}

bool Bindings::is_given_several(PathId path, FunctionId in) const {
  const PathId settled = analysis_.names.settled(path, in);
  const Binding* binding = find(analysis_.program.path(settled), in);
  return binding != nullptr && binding->several;
}

}  // namespace gordian::check
