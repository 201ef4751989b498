#include "analyzer/verdict/coffman.h"

#include <algorithm>

namespace gordian::verdict {

using model::Hold;
using model::Link;
using model::ResourceKind;
using model::Snapshot;
using model::Thread;
using model::ThreadIndex;

namespace {

const Thread& thread_of(const Snapshot& snapshot, const Member& member) {
  return snapshot.threads[member.thread.value];
}

// Whether one of the members waits for something that `thread` has: a hold, a queued write, or its own end.
bool has_what_a_member_wants(const Snapshot& snapshot, std::span<const Member> members, const Thread& thread,
                             bool& only_itself) {
  bool itself = false;
  for (const Member& other : members) {
    const auto& wanted = thread_of(snapshot, other).wait.resource;
    if (wanted.kind == ResourceKind::kThread && wanted.address == thread.serial) itself = true;
    if (std::any_of(thread.holds.begin(), thread.holds.end(),
                    [&](const Hold& hold) { return hold.resource == wanted; }))
      return true;
    // A queued writer has its place in the queue, which the reader behind it waits for.
    if (wanted.kind == ResourceKind::kRwlock && thread.waiting && thread.wait.resource == wanted &&
        !thread.wait.shared && thread_of(snapshot, other).wait.shared)
      return true;
  }
  only_itself = itself;
  return itself;
}

}  // namespace

Condition mutual_exclusion(const Snapshot& snapshot, std::span<const Member> members) {
  ThreadIndex reader_or_writer;
  bool exclusive = false;
  ThreadIndex event;
  ThreadIndex other_end;
  for (const Member& member : members) {
    switch (thread_of(snapshot, member).wait.resource.kind) {
      case ResourceKind::kCondition:
      case ResourceKind::kBarrier:
      case ResourceKind::kFutex:
        event = member.thread;
        break;
      case ResourceKind::kSemaphore:  // used as a signal, it is an event too
        if (member.link == Link::kSignaller || member.link == Link::kCouldSignal)
          event = member.thread;
        else
          exclusive = true;
        break;
      case ResourceKind::kPipe:
      case ResourceKind::kMessageQueue:
      case ResourceKind::kProcess:
        other_end = member.thread;
        break;
      case ResourceKind::kRwlock:
        reader_or_writer = member.thread;
        exclusive = true;
        break;
      default:
        exclusive = true;
        break;
    }
  }
  // An event excludes nobody; it belongs to a deadlock when exclusion keeps away those who would bring it
  // about.
  if (event.valid())
    return {exclusive, exclusive ? Reason::kExclusiveAndEvents : Reason::kNotExclusive, event};
  if (other_end.valid()) return {true, Reason::kOtherEnd, other_end};
  return {!members.empty(), reader_or_writer.valid() ? Reason::kWriterAmongReaders : Reason::kAllExclusive,
          reader_or_writer};
}

Condition hold_and_wait(const Snapshot& snapshot, std::span<const Member> members) {
  ThreadIndex itself;
  for (const Member& member : members) {
    bool only_itself = false;
    if (!has_what_a_member_wants(snapshot, members, thread_of(snapshot, member), only_itself)) {
      // Whoever would signal a member holds its chance to do so.
      const bool would_signal = std::any_of(members.begin(), members.end(), [&](const Member& other) {
        return other.holder == member.thread &&
               (other.link == Link::kSignaller || other.link == Link::kCouldSignal);
      });
      return {would_signal, Reason::kHoldsNothing, member.thread};
    }
    if (only_itself) itself = member.thread;
  }
  return {!members.empty(), itself.valid() ? Reason::kHoldsOnlyItself : Reason::kEachHoldsAndWaits, itself};
}

Condition no_preemption(const Snapshot& snapshot, std::span<const Member> members) {
  for (const Member& member : members)
    if (thread_of(snapshot, member).wait.timed) return {false, Reason::kTimedWait, member.thread};
  return {!members.empty(), Reason::kNoTimeout, {}};
}

Condition circular_wait(const Snapshot&, std::span<const Member> members) {
  if (members.empty()) return {};
  for (const Member& member : members)
    if (member.link == Link::kEnded || member.link == Link::kLeftBehind)
      return {false, Reason::kOwnerGone, member.thread};
  // Follow the holders from the first member: a cycle comes back to it through all of them; in a knot every
  // holder is a member.
  ThreadIndex at = members.front().thread;
  for (size_t step = 0; step < members.size(); ++step) {
    auto found = std::find_if(members.begin(), members.end(),
                              [&](const Member& member) { return member.thread == at; });
    if (found == members.end()) return {false, Reason::kNoCycle, at};
    at = found->holder;
  }
  if (at == members.front().thread) return {true, Reason::kCycle, {}};
  const bool closed = std::all_of(members.begin(), members.end(), [&](const Member& member) {
    return std::any_of(members.begin(), members.end(),
                       [&](const Member& other) { return other.thread == member.holder; });
  });
  return {closed, closed ? Reason::kKnot : Reason::kNoCycle, {}};
}

Conditions check_conditions(const Snapshot& snapshot, std::span<const Member> members) {
  return {mutual_exclusion(snapshot, members), hold_and_wait(snapshot, members),
          no_preemption(snapshot, members), circular_wait(snapshot, members)};
}

}  // namespace gordian::verdict
