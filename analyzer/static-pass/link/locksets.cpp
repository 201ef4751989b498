#include "analyzer/static-pass/link/locksets.h"

#include <algorithm>

#include "analyzer/static-pass/link/construction.h"

namespace gordian::check {
namespace {

// What lies behind a pointer in an object is not the object's own.
bool reaches_through_pointer(const Program& program, const Path& path) {
  size_t own = path.elements.size();
  while (own > 0 && path.elements[own - 1].kind == Element::Kind::kIndex) --own;
  for (size_t i = 0; i + 1 < own; ++i) {
    const Field* field =
        path.elements[i].kind == Element::Kind::kField ? program.field(path.elements[i].name) : nullptr;
    if (field != nullptr && field->is_pointer) return true;
  }
  return false;
}

}  // namespace

uint64_t EntryContext::bit(Root root, uint32_t number) {
  const uint32_t place = root == Root::kThis ? 0 : number + 1;
  return place < 64 ? uint64_t{1} << place : 0;
}

EntryLocks::EntryLocks(const Analysis& analysis, const Concurrency& concurrency, const Bindings& bindings)
    : analysis_(analysis),
      bindings_(bindings),
      wrappers_(analysis),
      concurrency_(concurrency),
      contexts_(analysis.program.functions().size()) {
  std::vector<std::vector<const CallSite*>> calls(contexts_.size());
  std::set<FunctionId> called;
  for (const CallSite& site : analysis.events.calls) {
    calls[site.caller.value].push_back(&site);
    called.insert(site.callee);
    note_locks(site.caller, site.place, site.holds);
  }
  for (const Access& access : analysis.events.accesses) note_locks(access.in, access.place, access.holds);
  for (const ThreadStart& start : analysis.events.starts) called.insert(start.entry);
  std::vector<std::pair<FunctionId, uint32_t>> open;
  for (uint32_t i = 0; i < contexts_.size(); ++i) {
    if (concurrency.is_entry({i}) && is_come_to({i}, called) && add({i}, {}))
      open.emplace_back(FunctionId{i}, 0);
  }
  for (size_t next = 0; next < open.size(); ++next) {
    const auto [id, index] = open[next];
    for (const CallSite* site : calls[id.value]) {
      if (add(site->callee, context_of(*site, index)))
        open.emplace_back(site->callee, static_cast<uint32_t>(contexts_[site->callee.value].size() - 1));
    }
  }
}

void EntryLocks::note_locks(FunctionId in, const Place& place, const std::vector<Hold>& holds) {
  for (const Hold& hold : holds) {
    const LockClass lock = analysis_.names.class_of(wrappers_.whole(hold.lock));
    if (lock.kind != LockClass::Kind::kNone) sometimes_[{in, place}].insert(lock);
  }
}

const std::set<LockClass>& EntryLocks::sometimes_held(FunctionId in, const Place& place) const {
  static const std::set<LockClass> kNone;
  const auto known = sometimes_.find({in, place});
  return known == sometimes_.end() ? kNone : known->second;
}

// Not a function whose every call is in code that cannot be reached, nor a lambda that nobody runs.
bool EntryLocks::is_come_to(FunctionId function, const std::set<FunctionId>& called) const {
  if (called.contains(function) || analysis_.shared.escaped.contains(function)) return true;
  const bool is_lambda = (analysis_.program.function(function).flags & function_flags::kLambda) != 0;
  return !is_lambda && analysis_.callers[function.value].empty();
}

bool EntryLocks::add(FunctionId function, EntryContext context) {
  std::vector<EntryContext>& known = contexts_[function.value];
  const bool is_known = std::ranges::any_of(known, [&](const EntryContext& each) {
    return each.owned == context.owned && each.locks == context.locks && each.setup == context.setup &&
           each.maybe == context.maybe;
  });
  if (is_known) return false;
  if (known.size() >= kMost) {
    ++analysis_.shared.dropped;
    return false;
  }
  known.push_back(std::move(context));
  return true;
}

std::set<HeldLock> EntryLocks::held(const std::vector<Hold>& holds, const EntryContext& context) const {
  std::set<HeldLock> result = context.locks;
  for (const Hold& hold : holds) result.insert({wrappers_.whole(hold.lock), hold.shared});
  return result;
}

bool EntryLocks::is_owned(PathId id, FunctionId in, const EntryContext& context) const {
  const Program& program = analysis_.program;
  const PathId settled = analysis_.names.settled(id, in);
  const Path& path = program.path(settled);
  if (path.root == Root::kLocal) {
    const FunctionId owner = path.name ? program.function_of(path.name) : in;
    if (!owner || path.number >= program.function(owner).locals.size()) return false;
    return !program.function(owner).locals[path.number].is_pointer && !bindings_.is_in_threads(settled) &&
           !analysis_.shared.keepers.is_kept(owner, path.number) && !reaches_through_pointer(program, path);
  }
  if (path.root != Root::kThis && path.root != Root::kParameter) return false;
  if (reaches_through_pointer(program, path) || program.path(id).root == Root::kCapture) return false;
  const Function& function = program.function(in);
  const uint16_t kEither = function_flags::kConstructor | function_flags::kDestructor;
  if (path.root == Root::kThis && (function.flags & kEither) != 0) return true;
  if (path.root == Root::kParameter && path.number < function.parameters.size() &&
      function.parameters[path.number].is_by_value)
    return true;
  return (context.owned & EntryContext::bit(path.root, path.number)) != 0;
}

bool EntryLocks::is_given_away(const CallSite& site, PathId object) const {
  return std::ranges::any_of(
      site.escaped, [&](PathId each) { return analysis_.shared.evaluator.starts_with(object, each); });
}

EntryContext EntryLocks::context_of(const CallSite& site, uint32_t caller) const {
  const EntryContext outer = contexts_[site.caller.value][caller];
  EntryContext context;
  context.site = &site;
  context.caller = caller;
  context.locks = in_callee(site, held(site.holds, outer));
  context.setup =
      outer.setup || (site.holds.empty() && is_construction_by_name(analysis_.program, site.caller) &&
                      is_only_in_main(analysis_, concurrency_, site.caller));
  context.maybe = outer.maybe;
  const std::set<LockClass>& sometimes = sometimes_held(site.caller, site.place);
  context.maybe.insert(sometimes.begin(), sometimes.end());
  for (const HeldLock& each : context.locks) context.maybe.erase(analysis_.names.class_of(each.lock));
  const auto note = [&](Root root, uint32_t number, PathId object) {
    if (!object) return;
    const bool is_new = analysis_.program.path(object).root == Root::kFresh && !is_given_away(site, object);
    if (is_new || is_owned(object, site.caller, outer)) context.owned |= EntryContext::bit(root, number);
  };
  note(Root::kThis, 0, site.object);
  for (uint32_t i = 0; i < site.arguments.size(); ++i) note(Root::kParameter, i, site.arguments[i]);
  return context;
}

std::set<HeldLock> EntryLocks::in_callee(const CallSite& site, const std::set<HeldLock>& held) const {
  Program& program = analysis_.program;
  const Evaluator& evaluator = analysis_.shared.evaluator;
  std::set<HeldLock> result;
  for (const HeldLock& each : held) {
    const Path path = program.path(each.lock);
    const auto seen_from = [&](Root root, uint32_t number, PathId base) {
      if (!base || !evaluator.starts_with(each.lock, base)) return;
      Path inner;
      inner.root = root;
      inner.number = number;
      inner.elements.assign(
          path.elements.begin() + static_cast<std::ptrdiff_t>(program.path(base).elements.size()),
          path.elements.end());
      result.insert({program.path(std::move(inner)), each.shared});
    };
    if (path.root == Root::kGlobal || path.root == Root::kCapture) result.insert(each);
    seen_from(Root::kThis, 0, site.object);
    for (uint32_t i = 0; i < site.arguments.size(); ++i) seen_from(Root::kParameter, i, site.arguments[i]);
    const LockClass lock = analysis_.names.class_of(each.lock);
    if (lock.kind == LockClass::Kind::kField) {
      Path by_class;
      by_class.elements = {{Element::Kind::kField, lock.name}};
      result.insert({program.path(std::move(by_class)), each.shared});
    } else if (path.root == Root::kLocal) {
      result.insert({analysis_.names.settled(each.lock, site.caller), each.shared});
    }
  }
  return result;
}

}  // namespace gordian::check
