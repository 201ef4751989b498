#include "analyzer/static-pass/link/locksets.h"

#include <algorithm>

namespace gordian::check {

EntryLocks::EntryLocks(const Analysis& analysis, const Concurrency& concurrency)
    : analysis_(analysis), locks_(analysis.program.functions().size()) {
  std::vector<std::vector<const CallSite*>> calls(locks_.size());
  for (const CallSite& site : analysis.events.calls) calls[site.caller.value].push_back(&site);
  std::vector<FunctionId> open;
  for (uint32_t i = 0; i < locks_.size(); ++i) {
    if (!concurrency.is_entry({i})) continue;
    locks_[i].emplace();
    open.push_back({i});
  }
  while (!open.empty()) {
    const FunctionId id = open.back();
    open.pop_back();
    for (const CallSite* site : calls[id.value]) {
      std::set<HeldLock> held = *locks_[id.value];
      for (const Hold& hold : site->holds) held.insert({hold.lock, hold.shared});
      if (meet(site->callee, in_callee(*site, held))) open.push_back(site->callee);
    }
  }
}

const std::set<HeldLock>& EntryLocks::of(FunctionId function) const {
  static const std::set<HeldLock> kNone;
  const auto& locks = locks_[function.value];
  return locks ? *locks : kNone;
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

bool EntryLocks::meet(FunctionId function, const std::set<HeldLock>& held) {
  auto& locks = locks_[function.value];
  if (!locks) {
    locks = held;
    return true;
  }
  const size_t before = locks->size();
  std::erase_if(*locks, [&](const HeldLock& each) { return !held.contains(each); });
  return locks->size() != before;
}

}  // namespace gordian::check
