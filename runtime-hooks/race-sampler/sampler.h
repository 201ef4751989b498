// Looking for data races in programs as they are, without a rebuild: breakpoints of the hardware on sites
// picked at random, and on the memory that is accessed there.
//
//   site        a breakpoint on an instruction that accesses memory; the thread that comes says which memory.
//               A look notes it and lets the thread go on
//   probe       a watchpoint on that memory while everybody runs on: does another thread come, and do the two
//               hold no lock in common?
//   stall       then a thread is held at the site, just before its access, for a moment: an access to the
//   same
//               memory by another thread meanwhile is a race, caught in the act. No order lies between the
//               two: the one was about to be made while the other was.
//
// Promises: nothing of this is in the ordinary libraries (kSampling is false there and no function is
// called). The program's time is spent within the asked share, which is measured, not assumed. A held thread
// is held for milliseconds at most and in no lock of ours. Where the kernel or the machine refuses
// breakpoints, or a debugger has the process, one line says so. Source: DataCollider (Erickson et al., OSDI
// 2010) for breakpoints instead of instrumentation; the probe before the stall is ours.
#pragma once

#include <cstdint>

namespace gordian::hooks {

#ifndef GORDIAN_SAMPLING
#error "a source that is the same in every library must not ask which one it is in"
#endif
#if GORDIAN_SAMPLING
inline constexpr bool kSampling = true;
#else
inline constexpr bool kSampling = false;
#endif

// As the process begins, in its first thread.
void races_initialise();

// A second thread is about to be created; returns when it is covered.
void races_start();

// Ends the sampler: it comes back with the next thread, unless `for_good`.
void races_give_way(bool for_good);

// The process comes to its end: nobody is held any more.
void races_process_ends();

// In a forked child: its threads are watched from its own second one on.
void races_after_fork();

// How many threads of the process are the sampler's: 0 or 1.
uint32_t races_threads();

}  // namespace gordian::hooks
