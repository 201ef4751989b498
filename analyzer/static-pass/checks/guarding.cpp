#include "analyzer/static-pass/checks/guarding.h"

#include <algorithm>
#include <map>
#include <set>

namespace gordian::check {
namespace {

// With so few places one of them is not an exception yet.
constexpr size_t kFew = 4;
constexpr size_t kFewest = 3;

// What a lock and a variable have to do with each other, whoever uses them.
enum class Tie : uint8_t {
  kNone,
  kGlobals,  // both are globals
  kObject,   // both belong to one object
};

struct Count {
  PathId example;
  std::set<Place> held;
  std::set<Place> held_here;  // by the function of the place itself, not by who calls it
  std::set<Place> bare;
  bool writes = false;
  Tie tie = Tie::kNone;
};

Tie tie_of(const Analysis& analysis, const LockClass& variable, const LockClass& lock, const Use& use,
           PathId held) {
  const Program& program = analysis.program;
  if (variable.kind == LockClass::Kind::kField && lock.kind == LockClass::Kind::kField) {
    const Field* one = program.field(variable.name);
    const Field* other = program.field(lock.name);
    if (one != nullptr && other != nullptr && one->owner == other->owner) return Tie::kObject;
  }
  const Path& path = program.path(use.path);
  const Path& of = program.path(held);
  const bool same_root = path.root == of.root && path.number == of.number && path.name == of.name;
  if (same_root && path.root != Root::kUnknown && !of.elements.empty() &&
      path.elements.size() >= of.elements.size() &&
      std::equal(of.elements.begin(), of.elements.end() - 1, path.elements.begin()))
    return Tie::kObject;
  return path.root == Root::kGlobal && of.root == Root::kGlobal ? Tie::kGlobals : Tie::kNone;
}

// Whether all uses are in member functions of one class: the variable's own, which take the lock themselves,
// or the one that has the lock.
bool is_private_matter(const Analysis& analysis, const LockClass& variable, const LockClass& lock,
                       const std::vector<Use>& uses) {
  const auto owner_of = [&](const LockClass& of) {
    const Field* field = of.kind == LockClass::Kind::kField ? analysis.program.field(of.name) : nullptr;
    return field != nullptr ? field->owner : Symbol{};
  };
  const auto all_in = [&](Symbol owner) {
    return owner && std::ranges::all_of(uses, [&](const Use& use) {
             return analysis.program.function(use.access->in).owner == owner;
           });
  };
  if (all_in(owner_of(lock))) return true;
  return all_in(owner_of(variable)) && std::ranges::any_of(uses, [&](const Use& use) {
           return std::ranges::any_of(use.access->holds, [&](const Hold& hold) {
             return analysis.names.class_of(analysis.names.settled(hold.lock, use.access->in)) == lock;
           });
         });
}

// The less a lock has to do with a variable, the more has to speak for it.
bool is_most(const Count& count) {
  const size_t held = count.held.size();
  const size_t places = held + count.bare.size();
  if (count.tie == Tie::kObject && places <= kFewest) return true;
  if (count.tie == Tie::kObject && places <= kFew) return held * 2 >= places;
  if (count.tie != Tie::kNone) return held >= 2 && held * 3 >= places * 2;
  const auto always = static_cast<size_t>(std::ranges::count_if(
      count.held_here, [&](const Place& place) { return !count.bare.contains(place); }));
  return always >= kFew && always * 5 >= places * 4;
}

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

std::optional<Guarding> inferred_guard(const Analysis& analysis, const LockClass& variable,
                                       const std::vector<Use>& uses) {
  std::map<LockClass, Count> counts;
  for (const Use& use : uses) {
    for (const HeldLock& held : use.locks) {
      const LockClass lock = analysis.names.class_of(held.lock);
      Count& count = counts[lock];
      count.example = held.lock;
      count.held.insert(use.access->place);
      if (!use.entered->locks.contains(held)) count.held_here.insert(use.access->place);
      count.writes |= use.access->write && !held.shared;
      count.tie = std::max(count.tie, tie_of(analysis, variable, lock, use, held.lock));
    }
  }
  std::optional<Guarding> best;
  Tie best_tie = Tie::kNone;
  for (auto& [lock, count] : counts) {
    if (!count.writes) continue;
    if (is_private_matter(analysis, variable, lock, uses)) count.tie = Tie::kObject;
    for (const Use& use : uses) {
      if (!holds(analysis, use, lock)) count.bare.insert(use.access->place);
    }
    if (!is_most(count)) continue;
    const size_t held = count.held.size();
    if (best && (count.tie < best_tie || (count.tie == best_tie && held <= best->held))) continue;
    best = Guarding{lock, count.example, held, held + count.bare.size(), false};
    best_tie = count.tie;
  }
  return best;
}

}  // namespace gordian::check
