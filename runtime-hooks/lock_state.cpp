#include "runtime-hooks/lock_state.h"

#include <pthread.h>
#include <semaphore.h>

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/real.h"

namespace gordian::hooks {

namespace {

using model::state_of;

struct SpinWord {
  int word;
};

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
      return read<model::MutexWords>(address, is_mapped, state);
    case ResourceKind::kRwlock:
      return read<model::RwlockWords>(address, is_mapped, state);
    case ResourceKind::kSpin:
      return read<SpinWord>(address, is_mapped, state);
    case ResourceKind::kSemaphore:
      return read<model::SemaphoreWords>(address, is_mapped, state);
    case ResourceKind::kBarrier:
      return read<model::BarrierWords>(address, is_mapped, state);
    case ResourceKind::kCondition:
      return read<model::ConditionWords>(address, is_mapped, state);
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
