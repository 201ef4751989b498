// Wrong calls, seen as they are made: the lock is not held, is another's, is destroyed while somebody has it.
//
// Promises: nothing is told that the primitive's own words and the record do not show at the moment of the
// call. A lock that a thread took where we did not see it is not held against it, nor is what a child
// inherited by fork. Each check is called before the real call, which is then made as ever. One wrong call is
// told once for each way to it and kind of lock.
//
// Proven is what rests on words of the primitive: it is free, it names its owner. Inferred is what rests on
// the record alone: who reads, who has a spin lock.
//
// Cost: no check is on the path of a lock or an unlock that is in order.
#pragma once

#include "runtime-hooks/resources.h"
#include "runtime-hooks/runtime.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

// unlock-not-held, unlock-not-owner: a release by a thread whose record has no hold of it.
void check_release(const ThreadRecord* self, ResourceKind kind, uint64_t address, const Site& site);

// destroy-while-held, init-while-held.
void check_destroy(ResourceKind kind, uint64_t address, const Site& site);
void check_init(ResourceKind kind, uint64_t address, const Site& site);

// destroy-while-held, of every lock in memory that is about to go: a block of the allocator's, or whatever is
// mapped there.
void check_freed(uint64_t low, uint64_t high, const Site& site);
void check_unmapped(uint64_t low, uint64_t high, const Site& site);

// wait-without-mutex, condition-mutex-mismatch: a wait that is about to give `mutex` back.
void check_condition_wait(const ThreadRecord* self, uint64_t condition, uint64_t mutex, const Site& site);

// lock-held-at-exit: the thread has run all its code.
void check_thread_end(const ThreadRecord* self);

}  // namespace gordian::hooks
