// Two accesses that race: what the evidence carries, and the telling of it.
//
// Of two that were caught in the act it is certain that they meet: one thread stood before or just after its
// own when the machine reported the other's.
// What is not certain from machine code alone is whether they are atomic operations, which on x86-64 look
// like plain moves when they are loads or relaxed stores. A race needs one access that is not atomic. Hence
// the grades:
//
//   proven     one of the two cannot be an atomic operation, whatever the source says: arithmetic on memory
//              without a lock prefix in a module that GCC alone made, an access that is not aligned or is
//              larger than any atomic one
//   possible   both write, and one of them puts back what was loaded just before, in one instruction or two:
//              an update that two threads make at once and lose, which is no use to make atomic
//   unlikely   both are single aligned moves, which may be atomic ones; or the other one certainly is. Debug
//              information, which only the reader of the record has, may raise the first of these
//              (capture/atomic_access.h)
//
// The last two carry kRaceMaybeAtomic.
//
// Two that were only seen one after the other, unordered as far as the hooks know and with a lock that one
// side took for it (suspects.h), are possible at most, and that only where the three things hold that speak
// against an order that is not seen: the memory is a variable of a module (the heap hands blocks from thread
// to thread), one of the two would be proven or possible if it were caught, and nowhere in the process is an
// atomic instruction or a fence that is not the C library's. Otherwise they are unlikely.
#pragma once

#include "runtime-hooks/race-sampler/code_map.h"
#include "runtime-hooks/race-sampler/trap.h"

namespace gordian::hooks::races {

// One access. `instruction` is its address; 0 where it could not be told, and then `form` says nothing but
// what was seen.
struct Access {
  uint64_t instruction;
  uint64_t address;
  AccessForm form;
  const Trap* trap;
};

struct Verdict {
  record::Grade grade;
  uint8_t bits;
};

Verdict judge_pair(const CodeMap& map, const Access& first, const Access& second);

// Tells a pair, or counts it once more when it was told. Both threads must still stand where they were
// caught: their stacks are read. A trap may be delivered late, when its thread was not running: unless the
// value has changed meanwhile, `is_witnessed`, the pair has to be caught three times before it is told. True
// once it was told.
bool tell_pair(const Access& first, const Access& second, const Verdict& verdict, bool same_value,
               bool is_witnessed);

// Fills in a side of a pair. The thread must stand where it was met.
void describe_access(const Access& access, record::RaceSide& side);

// Tells a pair that was not caught, once; nothing where it was. `sides` are what became of `describe_access`.
void tell_suspicion(const CodeMap& map, const Access accesses[2], const record::RaceSide sides[2]);

}  // namespace gordian::hooks::races
