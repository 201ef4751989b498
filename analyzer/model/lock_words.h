// What a lock says of itself, read off glibc's own fields: is it free, whom does it name as its owner, does
// anybody sleep on it. The watched process asks it of its own locks, `gordian inspect` of another process's.
//
// Promises: freestanding, pure functions of the words; what a field leaves open is kUnknown and 0, never
// guessed. Good for glibc 2.31 to 2.41, 64 bits: the layouts are part of its binary interface; only the words
// of a condition moved, in 2.41. Source: bits/struct_mutex.h, bits/struct_rwlock.h,
// nptl/pthread_rwlock_common.c, nptl/internaltypes.h.
#pragma once

#include <cstdint>

namespace gordian::model {

struct LockState {
  enum Word : uint8_t { kUnknown, kFree, kTaken };
  Word word = kUnknown;
  bool robust = false;          // a mutex whose next owner is told when its owner has died
  bool process_shared = false;  // a mutex that says so
  bool lends_priority = false;  // a mutex that inherits or protects priorities
  uint32_t owner = 0;           // tid, where it names one
  uint32_t readers = 0;         // of a read-write lock in its read phase
  uint32_t users = 0;           // of a mutex: its owner and those who wait on a condition with it
  uint32_t waiters = 0;         // of a semaphore or barrier: those who sleep until somebody else acts; of a
                                // condition, not 0 where somebody may
};

// Bits of a mutex's __kind.
inline constexpr uint32_t kMutexRobust = 16;
inline constexpr uint32_t kMutexInherits = 32;
inline constexpr uint32_t kMutexProtects = 64;
inline constexpr uint32_t kMutexShared = 128;
// Of its lock word: the kernel's part where the kernel takes part, the ceiling where there is one.
inline constexpr uint32_t kMutexTidMask = 0x3fffffff;
inline constexpr uint32_t kMutexBelowCeiling = 0x0007ffff;
inline constexpr uint32_t kMutexOwnerLost =
    0x7fffffff;  // __owner of a robust mutex that is lost, or about to be

struct MutexWords {
  uint32_t lock;
  uint32_t count;
  uint32_t owner;
  uint32_t users;
  uint32_t kind;
};

struct RwlockWords {
  uint32_t readers;  // from bit 3; below it: wanted by readers, taken by a writer, in its write phase
  uint32_t words[5];
  uint32_t writer;
  uint32_t shared;
};
inline constexpr uint32_t kRwlockWritePhase = 1;
inline constexpr uint32_t kRwlockWriteLocked = 2;
inline constexpr uint32_t kRwlockReadersShift = 3;

struct SemaphoreWords {
  uint32_t value;
  uint32_t waiters;
};

struct BarrierWords {
  uint32_t arrived;   // ever
  uint32_t released;  // ever, in whole rounds
  uint32_t count;
};

// Who waits is counted from bit 3 of the tenth word, from glibc 2.41 on of the eighth.
struct ConditionWords {
  uint32_t words[10];
};
inline constexpr uint32_t kConditionCounted = ~7u;

inline LockState state_of(const MutexWords& mutex) {
  LockState state;
  state.robust = (mutex.kind & kMutexRobust) != 0;
  state.process_shared = (mutex.kind & kMutexShared) != 0;
  state.lends_priority = (mutex.kind & (kMutexInherits | kMutexProtects)) != 0;
  const uint32_t lock = (mutex.kind & kMutexProtects) != 0 ? mutex.lock & kMutexBelowCeiling
                        : (mutex.kind & (kMutexRobust | kMutexInherits)) != 0 ? mutex.lock & kMutexTidMask
                                                                              : mutex.lock;
  state.word = lock == 0 ? LockState::kFree : LockState::kTaken;
  state.users = mutex.users;
  if (lock != 0 && mutex.owner < kMutexOwnerLost - 1) state.owner = mutex.owner;
  return state;
}

inline LockState state_of(const RwlockWords& lock) {
  LockState state;
  const bool locked = (lock.readers & kRwlockWriteLocked) != 0;
  const bool write_phase = (lock.readers & kRwlockWritePhase) != 0;
  const uint32_t readers = lock.readers >> kRwlockReadersShift;
  if (readers == 0 && !locked) {
    state.word = LockState::kFree;
  } else if (write_phase && locked) {
    state.word = LockState::kTaken;
    state.owner = lock.writer;
  } else if (!write_phase && readers != 0) {
    state.word = LockState::kTaken;
    state.readers = readers;
  }
  // What is left is on its way from the one to the other.
  return state;
}

inline LockState state_of(const SemaphoreWords& semaphore) {
  LockState state;
  if (semaphore.value == 0) state.waiters = semaphore.waiters;
  return state;
}

inline LockState state_of(const BarrierWords& barrier) {
  LockState state;
  const uint32_t waiting = barrier.arrived - barrier.released;
  if (waiting < barrier.count) state.waiters = waiting;
  return state;
}

inline LockState state_of(const ConditionWords& condition) {
  LockState state;
  state.waiters = (condition.words[7] | condition.words[9]) & kConditionCounted;
  return state;
}

}  // namespace gordian::model
