// Accesses to memory as events of the trace, for the library that both detects races and writes a trace.
//
// A plain access is told of just before it is made (kTraceAccessesEarly). One like it, of the same place in
// the code and the same bytes, is written once until the thread's next event of another kind: that is what
// keeps a loop over one variable from filling the file. An atomic access is told of in one step with itself,
// under an AtomicStep.
//
// Promises: for the calling thread, async-signal-safe; one without a record writes nothing.
#pragma once

#include "runtime-hooks/race-runtime/spin.h"
#include "runtime-hooks/trace.h"

namespace gordian::hooks::to_file {

// `site` lies within the instruction, or within the call that stands for it.
void reads(uint64_t address, uint64_t size, uint64_t site);
void writes(uint64_t address, uint64_t size, uint64_t site);
void accesses_atomically(record::TraceOp op, uint64_t address, uint64_t size, uint64_t site);

// What is in that range from now on is another variable.
void renewed(uint64_t low, uint64_t high);

// What was done so far is told to others by way of a number, or learned: data that a descriptor carries.
void tells(uint64_t number);
void learns(uint64_t number);

// From now on there are accesses that are not told of.
void lacks_accesses();

// Plain accesses that are told of within its life have been made already.
class Late {
 public:
  Late() {
    if constexpr (kTracing) set(true);
  }
  ~Late() {
    if constexpr (kTracing) set(false);
  }
  Late(const Late&) = delete;

 private:
  static void set(bool late);
};

// The next plain access is written, whatever was before.
void end_stretch();

// From the claim of an atomic access's place to its end no other of that address comes between. A handler
// that interrupts one of its own thread goes on without: its own access lies within the interrupted one.
class AtomicStep {
 public:
  explicit AtomicStep(const volatile void* address) : guard_(spin_for(address)) {}

 private:
  static races::Spin& spin_for(const volatile void* address);
  races::SpinGuard guard_;
};

}  // namespace gordian::hooks::to_file
