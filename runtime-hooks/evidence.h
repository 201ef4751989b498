// Stacks of first sightings, kept in the flight record for good: where a lock order was first seen, where a
// wrong call was made.
//
// Promises: equal stacks are kept once. Equal are those with the same frames and, of the acquisitions, the
// same sites and callers at the same distance on the stack: the words and stack pointers in them are those of
// the first sighting. An acquisition that is not on this stack has the stack pointer 0. The frames are those
// of the calling thread, from `registers` outwards, of this library's own only the outermost, at most as many
// as the option stack_depth says. A stack that cannot be kept is counted in Unseen::kEvidence.
// Async-signal-safe.
//
// Threads: any. Takes a CriticalSection: not for use inside one.
#pragma once

#include "runtime-hooks/arch.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

// The place of the stack in the evidence area, in units of 16 bytes, from 1; 0: it is not kept. `registers`
// are those of a frame of the calling thread that is still there; no more than kMaxEvidenceHolds of `holds`
// are kept.
uint32_t keep_evidence(const ThreadRecord* self, const Registers& registers, const Hold* holds,
                       uint32_t hold_count);

// The same from the stack that the judge has captured of a thread that waits.
uint32_t keep_evidence_of(const ThreadRecord& waiting, const Hold* holds, uint32_t hold_count);

// What was kept there: frames and acquisitions follow it. Null for 0.
const record::Evidence* evidence_at(uint32_t place);

// In the child of a fork, whose record starts without evidence.
void evidence_after_fork();

}  // namespace gordian::hooks
