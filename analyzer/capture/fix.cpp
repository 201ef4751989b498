// What to do about a finding, by rule and by what the threads wait for.
#include <algorithm>

#include "analyzer/capture/evidence.h"
#include "analyzer/capture/wording.h"

namespace gordian::capture {
namespace {

using model::ResourceKind;

bool any_waits_for(const Claim& claim, ResourceKind kind) {
  return std::any_of(claim.members.begin(), claim.members.end(),
                     [kind](const ClaimMember& member) { return member.waits_for.kind == kind; });
}

std::string for_deadlock(const Claim& claim, const Scene& scene) {
  std::vector<ResourceKind> kinds;
  for (const ClaimMember& member : claim.members) kinds.push_back(member.waits_for.kind);
  return fix_of_cycle(kinds, wording::resources(claim, scene));
}

}  // namespace

std::string fix_of_cycle(const std::vector<ResourceKind>& kinds, const std::vector<std::string>& nouns) {
  const auto any = [&](ResourceKind kind) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  };
  const auto is_join = [](ResourceKind kind) { return kind == ResourceKind::kThread; };
  if (std::all_of(kinds.begin(), kinds.end(), is_join))
    return "Let one thread join the others, and none of them join it: joins must form a tree.";
  if (any(ResourceKind::kThread)) {
    return "Release the lock before joining: a thread must not wait for the end of one that needs what it "
           "holds.";
  }
  if (any(ResourceKind::kCondition) || any(ResourceKind::kBarrier)) {
    return "Wait with no other lock held than the one that the wait gives back: whoever is to end the wait "
           "needs the others.";
  }
  if (any(ResourceKind::kOnce) || any(ResourceKind::kStaticGuard)) {
    return "Do not take locks or wait for threads inside a one-time initialisation, or do it before the lock "
           "is taken.";
  }
  const auto is_lock = [](ResourceKind kind) {
    return kind == ResourceKind::kMutex || kind == ResourceKind::kRwlock || kind == ResourceKind::kSpin ||
           kind == ResourceKind::kStdioFile;
  };
  if (!std::all_of(kinds.begin(), kinds.end(), is_lock))
    return "Take these in the same order on every path, and give back each before waiting for the next.";
  const std::string mutexes =
      any(ResourceKind::kMutex) ? ", or take them together with std::scoped_lock" : "";
  return "Take " + wording::list(nouns) + " in the same order on every path" + mutexes + '.';
}

std::string fix(const Claim& claim, const Scene& scene) {
  switch (claim.rule) {
    case record::Rule::kSelfDeadlock:
      if (any_waits_for(claim, ResourceKind::kRwlock)) {
        return "Release the read lock before asking for the write lock: one cannot be turned into the other "
               "while held.";
      }
      if (any_waits_for(claim, ResourceKind::kThread))
        return "A thread cannot wait for its own end: join it from another thread.";
      if (any_waits_for(claim, ResourceKind::kSemaphore))
        return "Give the semaphore back before waiting for it again, or initialise it with as many units as "
               "one thread needs.";
      return "Move the work into a function that expects the lock to be held, and take the lock only in the "
             "outer one.";
    case record::Rule::kAbandonedLock:
      if (std::any_of(claim.members.begin(), claim.members.end(), [](const ClaimMember& member) {
            return member.member.link == model::Link::kLeftBehind;
          })) {
        return "After fork in a threaded process, call exec at once, or hold the lock across fork with "
               "pthread_atfork.";
      }
      return "Release the lock on every way out of the thread, exceptions and pthread_exit included: hold it "
             "in a guard object.";
    case record::Rule::kGlobalStall:
      return "Find out which thread should have made the first step, and make it signal, post or arrive "
             "before it waits or ends.";
    case record::Rule::kLostWakeup:
      if (any_waits_for(claim, ResourceKind::kSemaphore))
        return "Post once for every wait, on every path of the thread that posts, its early ends included.";
      return "Change the predicate under the mutex, signal after every change, and wait in a loop that tests "
             "the predicate first.";
    default:
      break;
  }
  return for_deadlock(claim, scene);
}

}  // namespace gordian::capture
