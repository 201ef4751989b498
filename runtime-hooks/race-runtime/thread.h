// What the race runtime keeps of a thread: its clock, its shadow call stack, and what it remembers.
//
// `hot` is what every callback reads. A thread is active from the moment that there is a second one: what was
// done before the first creation comes before all that any other thread does, so that nothing need be kept of
// it; but the call stack is kept from the start.
//
// Threads: all of it is the calling thread's own, but for `values` of a thread that is about to be created or
// has ended. A signal handler may come between any two instructions: what it pushes it has popped when it is
// over, and each step below is in an order that bears that.
#pragma once

#include "runtime-hooks/race-runtime/clocks.h"
#include "runtime-hooks/race-runtime/depot.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks::races {

struct Sync;

// A function that has not returned: where it was called from, and the stack pointer when it was entered, by
// which a jump out of it is mended.
struct CallFrame {
  uint64_t return_address;
  uint64_t stack_pointer;
};

inline constexpr uint32_t kMaxDepth = 1u << 18;

struct SeenSync {
  Sync* sync;
  uint32_t version;  // of it, as of when all that it knew was taken over
};

// What became of a set of entries when the thread made an access.
struct SeenSet {
  Entry from;
  Entry whole;
  Entry to;  // the same where the access was in it
  uint32_t others;
};

struct RaceThread;

struct Hot {
  Entry watched;  // the epoch where active, else 0: all that the fast path asks
  Entry epoch;    // make_epoch(slot, clock)
  CallFrame* top;
  CallFrame* end;    // top == end: no room, or not begun
  CallFrame* low;    // top == low: nothing that could be popped, or calls that there was no room for
  CallFrame* known;  // the frames below have their nodes
  RaceThread* thread;
  bool active;
  bool used;  // something was done in this epoch
};

struct alignas(4096) RaceThread {
  static constexpr uint32_t kSeen = 64;
  static constexpr uint32_t kContexts = 2048;
  static constexpr uint32_t kSets = 16;
  static constexpr uint32_t kLocksets = 4;
  static constexpr uint32_t kStacks = 512;

  uint32_t values[kMaxSlots + 2];  // the clock
  uint32_t width;
  uint32_t slot;
  uint32_t clock;
  uint32_t others;  // counts what was learned of other threads
  bool prepared;    // by its creator

  uint32_t excess;  // calls deeper than the stack has room for
  CallFrame* frames;
  uint32_t* nodes;  // of the frames below hot.known

  uint64_t lockset_progress;  // + 1: of the thread record when `lockset` was reckoned
  uint32_t lockset;

  uint32_t ignores;
  uint32_t unfollowed;  // the program wants no order to be taken from what it does
  Clock released;       // by the last release fence
  Clock pending;        // what relaxed loads have seen, until the next acquire fence
  uint64_t pended;      // the last of which that was: of the Sync and its version

  SeenSync seen[kSeen];
  SeenSet sets[kSets];
  uint64_t contexts[kContexts];  // high bits of a mixed key, and the context
  uint64_t locksets[kLocksets];  // the same of the lowest locks held
  uint64_t stacks[kStacks];      // and of calls

  Hot suspended;  // while its processor thread runs another fiber
};

[[gnu::visibility("hidden")]] extern constinit thread_local Hot hot
    __attribute__((tls_model("initial-exec")));

// Whether there has been a second thread, and nothing has made the clocks unreliable since.
[[gnu::visibility("hidden")]] extern constinit bool detecting;

// The calling thread takes up its stack, and its clock if it has a record; false where there is none.
bool begin_thread();
void end_thread();
// In the creator. `created`: of the thread that is about to be.
void prepare_child(RaceThread& self, uint32_t created_slot, uint32_t created_serial);
void prepare(RaceThread& self, RaceThread& created, uint32_t created_serial);
RaceThread& race_thread(uint32_t record_slot);
// The calling thread is that one from now on; false where it has no room for its frames.
bool take_up(RaceThread& self);
// All that has happened by now is taken to come before what it does from now on.
void know_everybody(RaceThread& self);
// The first second thread: from now on all is watched.
void begin_detecting();
void stop_detecting();
void detecting_after_fork();

// Pushes a frame where the fast path cannot; pops one likewise.
void enter_slowly(uint64_t return_address, uint64_t stack_pointer);
void leave_slowly();
// The stack was cut back to `stack_pointer` by a jump.
void jumped_to(uint64_t stack_pointer);

// What the thread has done so far is told to somebody: what it does from now on is of another epoch. To be
// called after the clock was copied with `told_clock` in its own slot.
void next_epoch(RaceThread& self);
inline uint32_t told_clock(const RaceThread& self) {
  // Of an epoch in which nothing was done yet nothing is told, and it goes on.
  return hot.used ? self.clock : self.clock - 1;
}
void refresh_active(const RaceThread& self);

// The calling thread, where what it does puts threads in an order; else null.
[[gnu::always_inline]] inline RaceThread* followed() {
  RaceThread* self = hot.thread;
  return detecting && self != nullptr && self->slot != 0 && self->unfollowed == 0 ? self : nullptr;
}

// The context of an access of the calling thread.
uint32_t context_at(RaceThread& self, uint64_t pc, Manner manner);

}  // namespace gordian::hooks::races
