// The two judges of the watched process.
//
// (a) The thread that is about to block on something with an owner walks the chain of owners itself: bounded,
// no allocation, no lock. When the chain comes
//     back to it, it has the full judgement made at once: by the judge thread, or, in a process of one
//     thread, by itself.
// (b) The judge thread, started with the program's second thread, looks at lasting waits every few hundredths
// of a second and reduces the general graph.
//     It sleeps while nothing lasts, and ends before the program's last thread does.
//
// The judgement itself is analyzer/verdict on a snapshot of the record; this side collects the snapshot, asks
// the kernel whether the threads really sleep where the record says, and writes the finding.
#pragma once

#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

void judge_start();
void judge_stop_and_join();

// Ends the judge where the program needs its place: false when there was none. Not `for_good`, it comes back
// with the next thread.
bool judge_give_way(bool for_good);
void judge_may_return();
void judge_after_fork();

// A wait has begun, or a thread has ended: wakes the judge if it sleeps for long.
void poke_judge();

// At the end of a process without a launcher: tells of the deadlocks that its lock orders make possible. True
// when its record is worth keeping for them.
bool judge_orders();

// In the thread that is about to block, after its attempt is in its record.
void judge_if_cycle_closes(ThreadRecord* self);

// The same in the only thread of a process that never had a judge: nobody else will look.
void judge_if_alone(ThreadRecord* self);

}  // namespace gordian::hooks
