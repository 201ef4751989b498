#include "runtime-hooks/lock_state.h"

#include <pthread.h>
#include <semaphore.h>

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/real.h"

namespace gordian::hooks {

namespace {

// Bits of a mutex's __kind.
constexpr uint32_t kRobust = 16;
constexpr uint32_t kInherit = 32;
constexpr uint32_t kProtect = 64;
constexpr uint32_t kShared = 128;
// Of its lock word: the kernel's part where the kernel takes part, the ceiling where there is one.
constexpr uint32_t kTidMask = 0x3fffffff;
constexpr uint32_t kBelowCeiling = 0x0007ffff;
constexpr uint32_t kNobody = 0x7fffffff;  // __owner of a robust mutex that is lost, or about to be

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
constexpr uint32_t kWritePhase = 1;
constexpr uint32_t kWriteLocked = 2;
constexpr uint32_t kReadersShift = 3;

struct SpinWord {
  int word;
};

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
constexpr uint32_t kCounted = ~7u;

LockState state_of(const MutexWords& mutex) {
  LockState state;
  state.robust = (mutex.kind & kRobust) != 0;
  state.process_shared = (mutex.kind & kShared) != 0;
  state.lends_priority = (mutex.kind & (kInherit | kProtect)) != 0;
  const uint32_t lock = (mutex.kind & kProtect) != 0               ? mutex.lock & kBelowCeiling
                        : (mutex.kind & (kRobust | kInherit)) != 0 ? mutex.lock & kTidMask
                                                                   : mutex.lock;
  state.word = lock == 0 ? LockState::kFree : LockState::kTaken;
  state.users = mutex.users;
  if (lock != 0 && mutex.owner < kNobody - 1) state.owner = mutex.owner;
  return state;
}

LockState state_of(const RwlockWords& lock) {
  LockState state;
  const bool locked = (lock.readers & kWriteLocked) != 0;
  const bool write_phase = (lock.readers & kWritePhase) != 0;
  const uint32_t readers = lock.readers >> kReadersShift;
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

LockState state_of(const SemaphoreWords& semaphore) {
  LockState state;
  if (semaphore.value == 0) state.waiters = semaphore.waiters;
  return state;
}

LockState state_of(const BarrierWords& barrier) {
  LockState state;
  const uint32_t waiting = barrier.arrived - barrier.released;
  if (waiting < barrier.count) state.waiters = waiting;
  return state;
}

LockState state_of(const ConditionWords& condition) {
  LockState state;
  state.waiters = (condition.words[7] | condition.words[9]) & kCounted;
  return state;
}

// The word of a free spin lock differs between processors.
int free_spin_word() {
  pthread_spinlock_t fresh;
  real::pthread_spin_init(&fresh, PTHREAD_PROCESS_PRIVATE);
  return fresh;
}

LockState state_of(const SpinWord& lock) {
  LockState state;
  state.word = lock.word == free_spin_word() ? LockState::kFree : LockState::kTaken;
  return state;
}

template <typename Words>
bool read(uint64_t address, bool is_mapped, LockState& state) {
  Words words;
  if (is_mapped)
    __builtin_memcpy(&words, reinterpret_cast<const void*>(address), sizeof(words));
  else if (!kernel::peek(address, &words, sizeof(words)))
    return false;
  state = state_of(words);
  return true;
}

bool read(ResourceKind kind, uint64_t address, bool is_mapped, LockState& state) {
  switch (kind) {
    case ResourceKind::kMutex:
      return read<MutexWords>(address, is_mapped, state);
    case ResourceKind::kRwlock:
      return read<RwlockWords>(address, is_mapped, state);
    case ResourceKind::kSpin:
      return read<SpinWord>(address, is_mapped, state);
    case ResourceKind::kSemaphore:
      return read<SemaphoreWords>(address, is_mapped, state);
    case ResourceKind::kBarrier:
      return read<BarrierWords>(address, is_mapped, state);
    case ResourceKind::kCondition:
      return read<ConditionWords>(address, is_mapped, state);
    default:
      state = {};
      return true;
  }
}

}  // namespace

LockState read_lock_state(ResourceKind kind, uint64_t address) {
  LockState state;
  read(kind, address, true, state);
  return state;
}

bool peek_lock_state(ResourceKind kind, uint64_t address, LockState& state) {
  return read(kind, address, false, state);
}

}  // namespace gordian::hooks
