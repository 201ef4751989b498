// What threads tell one another by way of an address: a lock, a semaphore, an atomic variable.
//
// A Sync is what was known to those who released there. `acquire` takes it over, `release_all` puts what the
// thread knows in its place (a lock: its owner had acquired it before), `release_more` adds to it. The
// readers of a read-write lock add to a clock of their own, which the next writer takes over and no reader
// does.
//
// Threads: any. A Sync's memory stays a Sync for ever, under this address or another. A signal handler that
// comes in the middle of an operation of its own thread on the same Sync goes on without the lock: all that
// the operations do to a clock is to raise it, and arrays are exchanged with signals blocked.
#pragma once

#include "runtime-hooks/race-runtime/clocks.h"
#include "runtime-hooks/race-runtime/spin.h"
#include "runtime-hooks/race-runtime/thread.h"

namespace gordian::hooks::races {

struct alignas(64) Sync {
  uint64_t address;  // 0: of none
  uint32_t next;     // in the bucket
  Spin lock;
  uint32_t version;    // rises with what is known here
  uint32_t last_slot;  // who replaced all of it last, nobody having added since; 0: somebody has
  uint32_t last_others;
  uint32_t last_reader;  // slot of who gave it back last, of several
  uint64_t site;         // where a lock that was given back last had been taken; 0: it is no lock
  Clock clock;
  Clock readers;
};

// Null where there is none.
Sync* find_sync(RaceThread& self, uint64_t address);
Sync* make_sync(RaceThread& self, uint64_t address);

// Everything in that range is forgotten.
void forget_syncs(uint64_t low, uint64_t high);
void forget_sync(uint64_t address);
// What is known at those addresses is known `by` bytes further on. While no other thread uses them.
void move_syncs(uint64_t low, uint64_t high, int64_t by);
void syncs_after_fork();

void acquire(RaceThread& self, Sync& sync);
void acquire_as_writer(RaceThread& self, Sync& sync);
void release_all(RaceThread& self, Sync& sync);
void release_more(RaceThread& self, Sync& sync);
void release_as_reader(RaceThread& self, Sync& sync);

// A thread that gave back a lock in that range, of which the calling thread does not know.
struct UnknownUse {
  uint64_t address;  // 0: none
  uint64_t site;
  uint32_t slot;
  uint32_t clock;
};
UnknownUse unknown_use(const RaceThread& self, uint64_t low, uint64_t high);

// With the Sync's lock in the caller's hands, without an end of the epoch.
void join_locked(RaceThread& self, const Sync& sync);
void tell_locked(RaceThread& self, Sync& sync, bool adds);

// By address.
void acquire_at(uint64_t address);
void release_at(uint64_t address, bool adds);

// By address, as the program tells it; a relaxed store to the same address does not end what was told.
void acquire_told(uint64_t address);
void release_told(uint64_t address, bool adds);
inline constexpr uint64_t kTold = uint64_t{1} << 59;

// A thread's end, for whoever joins it.
constexpr uint64_t end_of_thread(uint64_t handle) {
  return uint64_t{1} << 62 | handle;
}

}  // namespace gordian::hooks::races
