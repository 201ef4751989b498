// What the threads that meet a breakpoint and the sampler tell each other.
//
// The handler does next to nothing in the program's thread: it copies the registers and the locks held into
// the slot's mailbox, wakes the sampler and waits until that lets it go. All thinking is the sampler's. Where
// a site is only looked at, the handler notes the address and lets the thread go on, unless another thread
// was at that address before.
//
// Promises: the handler is async-signal-safe, takes no lock, leaves errno alone and uses less than a
// kilobyte of stack beside the kernel's frame. It waits for the sampler for `kPatience` at most: whoever
// leaves on his own says so (`stands` is false), and proves nothing any more.
#pragma once

#include <cstdint>

#include "runtime-hooks/race-sampler/access_form.h"
#include "runtime-hooks/race-sampler/breakpoints.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks::races {

// kLook and kSite: a breakpoint on an instruction; kProbe, kStall and kPatrol: on memory.
enum class Phase : uint32_t { kOff, kLook, kSite, kProbe, kStall, kPatrol };
enum class Post : uint32_t { kFree, kFilling, kPosted };

// kPlain: another thread was there, one of the two writes, and they have no lock in common; kGuarded: and one
// of them has some lock.
enum class Sharing : uint8_t { kNone, kPlain, kGuarded };

struct Trap {
  uint32_t state;   // Post; futex
  uint32_t ticket;  // one more with every use
  uint32_t serial;
  uint32_t tid;
  ThreadRecord* record;
  uint64_t at_ns;
  Registers registers;
  uint32_t hold_count;
  uint64_t holds[record::kMaxRaceHolds];  // words
  Sharing sharing;                        // with who was at its address before
};

struct Slot {
  uint32_t phase;  // Phase
  uint32_t round;  // one more whenever its breakpoint is moved; futex
  uint64_t tag;
  uint64_t address;  // where its breakpoint is
  uint32_t owner;    // tid of the thread whose access it is about
  uint32_t own_traps;
  uint32_t looks;   // at a site that is only looked at
  uint32_t missed;  // accesses that a patrol does not know of
  AccessForm form;  // of that site
  Trap hit;         // who came to the site
  Trap other;       // who came to the memory
};

inline constexpr uint64_t kPatience = 50'000'000;

// A trap that teaches nothing waits for the breakpoint to be moved: in a loop it would be the first of many.
inline constexpr uint64_t kShortPatience = 2'000'000;

// How many accesses a look takes, and how many it puts up with until the sampler comes.
inline constexpr uint32_t kLooks = 3;
inline constexpr uint32_t kMostLooks = 32;

// How often a probe puts up with the thread that it began with.
inline constexpr uint32_t kOwnTraps = 2;

// Beside what a handler measures of itself: the kernel's part in a trap and in the return from it.
inline constexpr uint64_t kTrapCost = 10'000;

[[gnu::visibility("hidden")]] extern constinit Slot slots[Breakpoints::kMostSlots];
[[gnu::visibility("hidden")]] extern constinit uint32_t sampler_word;  // futex that the sampler sleeps on
[[gnu::visibility("hidden")]] extern constinit uint64_t spent_ns;      // of the program's threads
[[gnu::visibility("hidden")]] extern constinit uint64_t trap_count;

inline bool is_posted(const Trap& trap) {
  return __atomic_load_n(&trap.state, __ATOMIC_ACQUIRE) == static_cast<uint32_t>(Post::kPosted);
}

// Lets whoever waits there go on, and empties the mailbox.
void let_go(Trap& trap);

void wake_sampler();

// A thread's own stack and thread-local variables.
bool is_own_memory(const ThreadRecord& thread, uint64_t address);

// The breakpoint is elsewhere now.
void begin_round(Slot& slot);

// A trap of which it is not known where its thread stood.
void miss_trap(uint64_t tag);

// One of our breakpoints; `registers` as the thread will go on with. The kernel reads `tag` when it delivers
// the signal, which may be after the slot was given another; `address` it keeps from the trap itself. Only
// where both are right is it a trap of what the slot is for now.
void on_trap(uint64_t tag, uint64_t address, const Registers& registers);

}  // namespace gordian::hooks::races
