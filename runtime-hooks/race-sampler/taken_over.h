// When a thread last took over anything that another thread had left for it.
//
// Of two accesses the earlier one comes before the later one only by a chain of hand-overs whose last one the
// later thread took: a lock that another thread gave back, a wake, the end of a thread, data from a pipe. A
// thread that took over nothing since the other one's access is not ordered after it, whatever else happened.
// That is less than a clock for each thread would tell, and it errs towards order alone: it costs one store
// for a lock that changes hands.
//
// Seen is what the hooks see (trace.h), and calls that wait for the kernel or read from it
// (kernel_messages.cpp). Not seen are atomic operations and what libraries that are not interposed do.
//
// Promises: `took_over` and the functions of trace.h: async-signal-safe, for the calling thread.
// `taken_over_at` for any thread; 0 where it took over nothing, and up
// to twelve milliseconds later than it was: never earlier.
#pragma once

#include <cstdint>

#include "runtime-hooks/runtime.h"

namespace gordian::hooks::races {

void took_over();
uint64_t taken_over_at(const ThreadRecord& thread);

// By whom a lock was given back last: a mark of the lock's, and a thread's serial. Two locks that
// share a place make each other's state unknown, which is taken for another thread's.
inline constexpr uint32_t kLockPlaces = 1u << 14;
[[gnu::visibility("hidden")]] extern constinit uint64_t given_back[kLockPlaces];

// `key`: a Hold's word without its lowest eight bits.
struct LockPlace {
  uint64_t* word;
  uint64_t tag;  // of the lock, in the upper half
};
[[gnu::always_inline]] inline LockPlace lock_place(uint64_t key) {
  const uint64_t mixed = key * 0x9E3779B97F4A7C15u;
  return {&given_back[mixed >> 50], mixed << 14 & ~uint64_t{UINT32_MAX}};
}

// Whether it was certainly the thread itself that gave that lock back last: then to take or to give it back
// teaches nothing. What every lock and unlock asks. Relaxed: what matters is written before the lock is given
// back and read after it is taken.
[[gnu::always_inline]] inline bool is_own_lock(const Hold* entry, const ThreadRecord* self) {
  const LockPlace place = lock_place(entry->word >> 8);
  return __atomic_load_n(place.word, __ATOMIC_RELAXED) == (place.tag | self->serial);
}

}  // namespace gordian::hooks::races
