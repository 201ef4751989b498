// Who has a lock, and who sleeps on it, when somebody else is about to do something to it.
//
// Promises: a party is a live thread of this process whose own record says so, seen at one moment, and, where
// the primitive names its owner, named by that too. Who only may be one is left out: a thread on its way into
// or out of a call, one that another process could have woken. Bounded by the number of threads; no lock, no
// allocation.
#pragma once

#include "runtime-hooks/lock_state.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

struct Party {
  const ThreadRecord* thread = nullptr;
  Hold entry{};         // a copy: its hold, or its attempt
  uint64_t second = 0;  // of a wait on a condition: the mutex
  bool waits = false;   // it has an attempt

  bool found() const { return thread != nullptr; }
};

// The holder that `state.owner` names. Nobody when it names the number that the thread had before a fork:
// what a child inherits is nobody's mistake.
Party named_owner(ResourceKind kind, uint64_t address, const LockState& state);

// A live thread whose record has a hold of it, and in `count` how many holds there are. For what names no
// owner. In the child of a fork, where an inherited hold looks like any other, nobody.
Party seen_holder(ResourceKind kind, uint64_t address, uint32_t* count = nullptr);

// Either, as the primitive is.
Party holder_of(ResourceKind kind, uint64_t address, const LockState& state);

// A thread that sleeps in the kernel on a condition, semaphore or barrier, and that nobody has woken since. A
// condition's only where its mutex is not `other_than`.
Party sleeper_on(ResourceKind kind, uint64_t address, uint64_t other_than = 0);

// A thread in a wait on some condition that will take that mutex back.
Party condition_waiter_with(uint64_t mutex);

// Whether an owner's number is that thread's, or was before it forked.
bool is_own(uint32_t owner, const ThreadRecord* self);

// A lock has come to its end while somebody had it. What that thread's record says of the address may from
// now on be about a lock that is no more, and where the primitive names no owner nothing is said of the next
// one there.
void note_lost_hold(ResourceKind kind, uint64_t address);
bool may_be_lost(ResourceKind kind, uint64_t address);

// The thread's own hold.
bool copy_hold(const ThreadRecord& thread, ResourceKind kind, uint64_t address, Hold& out);

}  // namespace gordian::hooks
