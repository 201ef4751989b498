#include "analyzer/static-pass/checks/meeting.h"

#include <algorithm>

namespace gordian::check {
namespace {

Moment moment_of(const Use& use) {
  return {use.access->in, use.access->alive, use.access->joined};
}

}  // namespace

Meeting::Meeting(const Analysis& analysis, const Concurrency& concurrency, const Bindings& bindings)
    : analysis_(analysis), concurrency_(concurrency), bindings_(bindings) {
  for (const Signal& signal : analysis.events.signals) {
    const PathId settled = bindings.bound(signal.object, signal.in);
    signals_[signal.in].insert(analysis.names.class_of(settled));
  }
  for (const Wait& wait : analysis.events.waits) waits_[wait.in].push_back(&wait);
}

bool Meeting::share_a_lock(const Use& one, const Use& other) const {
  return std::ranges::any_of(one.locks, [&](const HeldLock& mine) {
    return std::ranges::any_of(other.locks, [&](const HeldLock& theirs) {
      return !(mine.shared && theirs.shared) && analysis_.names.may_be_same(mine.lock, theirs.lock);
    });
  });
}

bool Meeting::may_share_a_lock(const Use& one, const Use& other) const {
  const auto classes = [&](const Use& use) {
    std::set<LockClass> result = use.maybe;
    for (const HeldLock& held : use.locks) result.insert(analysis_.names.class_of(held.lock));
    return result;
  };
  if (one.maybe.empty() && other.maybe.empty()) return share_a_lock(one, other);
  const std::set<LockClass> theirs = classes(other);
  return std::ranges::any_of(classes(one), [&](const LockClass& mine) { return theirs.contains(mine); });
}

// Behind a wait in a loop, which is passed only when what it waits for has been said; whether this time or
// before the wait began.
bool Meeting::has_waited_for(const Use& use, const std::set<LockClass>& signals) const {
  const auto is_one = [&](PathId object) {
    const LockClass known = analysis_.names.class_of(bindings_.bound(object, use.access->in));
    return known.kind != LockClass::Kind::kNone && signals.contains(known);
  };
  if (std::ranges::any_of(use.access->awaited, is_one)) return true;
  const auto waits = waits_.find(use.access->in);
  if (waits == waits_.end()) return false;
  return std::ranges::any_of(waits->second, [&](const Wait* wait) {
    const Place& place = analysis_.shared.traces[wait->trace].place;
    const Place& used = use.access->place;
    return !wait->timed && (wait->tested_again || wait->has_predicate) && place.file == used.file &&
           place.line < used.line && is_one(wait->condition);
  });
}

// One says by a semaphore, a condition or an atomic flag that it is done, and the other has waited for that.
bool Meeting::is_told(const Use& one, const Use& other) const {
  const auto signals = signals_.find(one.access->in);
  return signals != signals_.end() && has_waited_for(other, signals->second);
}

bool Meeting::can_meet(const Use& one, const Use& other) const {
  return !is_told(one, other) && !is_told(other, one) &&
         concurrency_.parallel(moment_of(one), moment_of(other));
}

bool Meeting::can_meet_as_seen(const Use& one, const Use& other) const {
  return !is_told(one, other) && !is_told(other, one) &&
         concurrency_.parallel_as_seen(moment_of(one), moment_of(other));
}

bool Meeting::runs_in_own_thread(const Use& use) const {
  if (!concurrency_.runs_in_thread(use.access->in)) return false;
  const FunctionId root = concurrency_.only_root(use.access->in);
  const Symbol owner = analysis_.program.field(analysis_.names.class_of(use.path).name)->owner;
  if (!root) return false;
  return std::ranges::any_of(analysis_.events.starts, [&](const ThreadStart& start) {
    return start.entry == root && analysis_.program.function(start.in).owner == owner;
  });
}

bool Meeting::starts_thread_later(const Use& use) const {
  return std::ranges::any_of(analysis_.events.starts, [&](const ThreadStart& start) {
    return start.in == use.access->in &&
           std::ranges::find(use.access->alive, start.entry) == use.access->alive.end();
  });
}

bool Meeting::has_exclusive(const Use& use) {
  return std::ranges::any_of(use.locks, [](const HeldLock& held) { return !held.shared; });
}

}  // namespace gordian::check
