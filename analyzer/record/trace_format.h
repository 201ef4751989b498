// The trace: what a watched process did, event by event, for `gordian predict`.
//
// Promises
//   * Freestanding, as the flight record is: fixed-width integers and arrays, no pointers, no libc. The
//     runtime inside the watched process writes it; anybody may map the file meanwhile.
//   * Unlike the flight record it is a stream: it grows with time, and is written only when asked for.
//   * The order of the events in the file is an order in which they happened. A writer claims the next slot
//     with one atomic addition, fills it and stores `op` last (release). It claims
//       - for an acquisition, a wake, a join: after the call succeeded;
//       - for a release, a notification, a creation, an attempt: before the call;
//     so that a critical section's slots lie inside the critical section. Where accesses are recorded
//     (kTraceHoldsAccesses), claim and access are one step, as seen from other accesses to the same place:
//     the latest write before a read in the file is the one that the read saw. With kTraceAccessesEarly that
//     holds for atomic accesses alone; a plain one is made after its claim and before its thread's next event
//     that is not a plain access, and of those that are alike between two such events the first is written.
//   * An unfilled slot has op 0: its thread was stopped between the claim and the store. Readers pass it over
//     and count it.
//   * Slots from `event_capacity` on have no room. They are not written; `claimed` counts on, so that a
//     reader sees how much was cut off. What is there is then a prefix of what happened: still a whole trace.
//     Events that were lost for other reasons are counted in `missed`; with those the trace has holes.
//   * Every range that is written was reserved first. A range that was never reserved reads as zeros.
//   * Byte order is the machine's own; `byte_order` tells a foreign reader. Times are CLOCK_MONOTONIC
//     nanoseconds, addresses are of the watched process.
//
// Layout of the file
//
//   0                   TraceHeader
//   kTraceModuleOffset  ModuleRecord[]   executable mappings, for the names of sites and locks
//   kTraceThreadOffset  ThreadOrigin[]   every thread, by serial: entry serial - 1
//   kTraceEventOffset   TraceEvent[]     to the end of the file
//
// The version rises whenever a field changes its meaning or its place; a reader accepts its own version
// alone. See docs/formats/trace.md.
#pragma once

#include <cstddef>
#include <cstdint>

#include "analyzer/record/flight_record.h"

namespace gordian::record {

inline constexpr char kTraceMagic[8] = {'G', 'O', 'R', 'D', 'T', 'R', 'C', '\n'};
inline constexpr uint32_t kTraceVersion = 2;
inline constexpr char kTraceSuffix[] = ".trace";

enum class TraceOp : uint8_t {
  kUnfilled = 0,
  // A lock; `operand` is its address, `kind` its ResourceKind. What has no owner, or is passed once
  // (semaphore, barrier, condition, once, static guard, futex), uses kWait, kWake and kNotify instead.
  kAcquire,    // it has it; kTraceShared: the read side
  kRelease,    // it gives it back; kTraceShared as it was taken
  kRequest,    // it is ready to block for it; followed by its kAcquire, unless it never got it or gave up
  kTryFailed,  // a try, or a timed attempt, that ended without it
  // Memory; `operand` is the address, `size` how many bytes from there.
  kRead,
  kWrite,
  kUpdate,  // an atomic read-modify-write; a compare-exchange that failed is a kRead
  // Threads; `operand` is the other's serial. `kBegin` and `kEnd` have none.
  kFork,
  kJoin,
  kBegin,
  kEnd,
  // What is waited for and can be given by another: condition, semaphore, barrier, once, futex. A condition
  // wait is kRelease of the mutex (kTraceInWait), kWait, kWake, kAcquire of the mutex (kTraceInWait).
  kWait,    // it goes to sleep on it, or is ready to
  kWake,    // the wait is over: a condition wait that was woken, a semaphore's unit taken, a barrier left, a
            // once routine that was run by somebody else; kTraceTimedOut: it ended by itself
  kNotify,  // signal, broadcast (kTraceAll), post, arrival at a barrier, once routine done
  // A lock's life, for names: the site of its init call, and its end.
  kInit,
  kDestroy,
  // Memory from `operand` on is new, or its life has ended: a stack, a block of the heap. What is there from
  // now on is another variable. How many bytes: `size`, and `generation` times 2^32.
  kRenew,
};
inline constexpr uint8_t kLastTraceOp = static_cast<uint8_t>(TraceOp::kRenew);

// TraceEvent::flags
inline constexpr uint8_t kTraceShared = 0x1;
inline constexpr uint8_t kTraceTry = 0x2;     // it did not block, whatever the outcome
inline constexpr uint8_t kTraceTimed = 0x4;   // the attempt would have ended by itself
inline constexpr uint8_t kTraceInWait = 0x8;  // part of a condition wait
inline constexpr uint8_t kTraceAll = 0x10;    // broadcast
inline constexpr uint8_t kTraceTimedOut = 0x20;
inline constexpr uint8_t kTraceLate = 0x20;       // an access that was made before its event, not after
inline constexpr uint8_t kTraceAtomic = 0x40;     // an access that other accesses do not race with
inline constexpr uint8_t kTraceRecursive = 0x80;  // its holder may take it again

struct TraceEvent {
  uint64_t operand;
  uint64_t site;        // return address of the call; of an access, its instruction
  uint32_t thread;      // serial, from 1
  uint32_t generation;  // of the lock: an address that is used again is another lock; 0 where it has none
  uint32_t size;        // of an access, of memory
  uint8_t op;           // TraceOp; stored last
  uint8_t kind;         // ResourceKind
  uint8_t flags;
  uint8_t reserved;
};
static_assert(sizeof(TraceEvent) == 32);
static_assert(offsetof(TraceEvent, op) == 28);

// TraceHeader::flags
inline constexpr uint32_t kTraceHoldsAccesses = 0x1;  // reads and writes of shared memory are recorded
inline constexpr uint32_t kTraceProcessEnded = 0x2;   // ran to a normal end
inline constexpr uint32_t kTraceAccessesEarly = 0x4;  // plain accesses are made after their events
inline constexpr uint32_t kTraceLacksCode = 0x8;      // there was code that does not tell of its accesses

struct TraceHeader {
  char magic[8];  // set last, when the other fields are there
  uint32_t version;
  uint32_t byte_order;  // kByteOrder
  uint32_t header_size;
  uint32_t module_size;
  uint32_t thread_size;
  uint32_t event_size;
  uint32_t flags;
  uint32_t machine;  // ELF e_machine
  uint32_t pid;
  uint32_t parent_pid;
  uint64_t started_ns;
  uint64_t started_realtime_ns;

  uint64_t claimed;         // slots claimed; the only counter that is contended
  uint64_t event_capacity;  // slots that have room; grows
  uint64_t missed;          // events that no slot was claimed for
  uint32_t module_count;
  uint32_t module_sequence;  // odd while the module table is rewritten
  uint32_t last_serial;      // threads in the table
  uint32_t threads_dropped;  // threads beyond the table; their events are there

  char program[512];     // path of the executable
  char arguments[1024];  // the command line, separated by NUL
  uint32_t arguments_size;
};
static_assert(sizeof(TraceHeader) <= 4096);
static_assert(offsetof(TraceHeader, claimed) == 64);

inline constexpr uint64_t kTraceModuleOffset = 4096;
inline constexpr uint64_t kTraceThreadOffset =
    kTraceModuleOffset + align_page(sizeof(ModuleRecord) * kMaxModules);
inline constexpr uint64_t kTraceEventOffset =
    kTraceThreadOffset + align_page(sizeof(ThreadOrigin) * kMaxThreadOrigins);

}  // namespace gordian::record
