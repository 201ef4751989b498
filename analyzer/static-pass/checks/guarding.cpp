#include "analyzer/static-pass/checks/guarding.h"

#include <algorithm>
#include <map>
#include <set>

namespace gordian::check {
namespace {

// With so few places one of them is not an exception yet.
constexpr size_t kFew = 4;

}  // namespace

bool holds(const Analysis& analysis, const Use& use, const LockClass& lock) {
  return std::ranges::any_of(use.locks, [&](const HeldLock& held) {
    return analysis.names.class_of(held.lock) == lock && !(held.shared && use.access->write);
  });
}

std::optional<Guarding> declared_guard(const Analysis& analysis, const LockClass& variable) {
  const Path* guard = nullptr;
  if (variable.kind == LockClass::Kind::kField) guard = &analysis.program.field(variable.name)->guarded_by;
  if (variable.kind == LockClass::Kind::kGlobal) guard = &analysis.program.global(variable.name)->guarded_by;
  if (guard == nullptr || (guard->root == Root::kUnknown && guard->elements.empty())) return std::nullopt;
  const PathId lock = analysis.program.path(*guard);
  return Guarding{analysis.names.class_of(lock), lock, 0, 0, true};
}

std::optional<Guarding> inferred_guard(const Analysis& analysis, const std::vector<Use>& uses) {
  struct Count {
    PathId example;
    std::set<Place> held;
    std::set<Place> bare;
    bool writes = false;
  };
  std::map<LockClass, Count> counts;
  for (const Use& use : uses) {
    for (const HeldLock& held : use.locks) {
      Count& count = counts[analysis.names.class_of(held.lock)];
      count.example = held.lock;
      count.held.insert(use.access->place);
      count.writes |= use.access->write && !held.shared;
    }
  }
  std::optional<Guarding> best;
  for (auto& [lock, count] : counts) {
    if (!count.writes) continue;
    for (const Use& use : uses) {
      if (!holds(analysis, use, lock)) count.bare.insert(use.access->place);
    }
    const size_t held = count.held.size();
    const size_t places = held + count.bare.size();
    const bool is_most = places <= kFew ? held * 2 >= places : held * 3 >= places * 2;
    if (is_most && (!best || held > best->held)) best = Guarding{lock, count.example, held, places, false};
  }
  return best;
}

}  // namespace gordian::check
