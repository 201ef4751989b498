#include "analyzer/capture/process/native_wait.h"

#include <linux/futex.h>
#include <sys/syscall.h>

#include <algorithm>
#include <string_view>

namespace gordian::capture {
namespace {

using model::ResourceKind;

constexpr uint64_t kContended = 2;  // a lock's word when somebody sleeps on it

struct EntryPoint {
  std::string_view name;  // without leading underscores
  ResourceKind kind;
  bool shared = false;
};

constexpr EntryPoint kEntryPoints[] = {
    {"pthread_mutex_lock", ResourceKind::kMutex},
    {"pthread_mutex_timedlock", ResourceKind::kMutex},
    {"pthread_mutex_clocklock", ResourceKind::kMutex},
    {"pthread_mutex_cond_lock", ResourceKind::kMutex},
    {"mtx_lock", ResourceKind::kMutex},
    {"mtx_timedlock", ResourceKind::kMutex},
    {"pthread_cond_wait", ResourceKind::kCondition},
    {"pthread_cond_timedwait", ResourceKind::kCondition},
    {"pthread_cond_clockwait", ResourceKind::kCondition},
    {"cnd_wait", ResourceKind::kCondition},
    {"cnd_timedwait", ResourceKind::kCondition},
    {"pthread_rwlock_rdlock", ResourceKind::kRwlock, true},
    {"pthread_rwlock_timedrdlock", ResourceKind::kRwlock, true},
    {"pthread_rwlock_clockrdlock", ResourceKind::kRwlock, true},
    {"pthread_rwlock_wrlock", ResourceKind::kRwlock},
    {"pthread_rwlock_timedwrlock", ResourceKind::kRwlock},
    {"pthread_rwlock_clockwrlock", ResourceKind::kRwlock},
    {"sem_wait", ResourceKind::kSemaphore},
    {"new_sem_wait", ResourceKind::kSemaphore},
    {"sem_timedwait", ResourceKind::kSemaphore},
    {"sem_clockwait", ResourceKind::kSemaphore},
    {"pthread_barrier_wait", ResourceKind::kBarrier},
    {"pthread_join", ResourceKind::kThread},
    {"pthread_timedjoin_np", ResourceKind::kThread},
    {"pthread_clockjoin_np", ResourceKind::kThread},
    {"pthread_clockjoin_ex", ResourceKind::kThread},
    {"thrd_join", ResourceKind::kThread},
    {"pthread_once", ResourceKind::kOnce},
    {"call_once", ResourceKind::kOnce},
    {"cxa_guard_acquire", ResourceKind::kStaticGuard},
    {"flockfile", ResourceKind::kStdioFile},
};

// `__new_sem_wait_slow64.constprop.0` -> `new_sem_wait`
const EntryPoint* entry_point(std::string_view function) {
  function.remove_prefix(std::min(function.find_first_not_of('_'), function.size()));
  function = function.substr(0, function.find_first_of("@."));
  for (const std::string_view suffix : {"64", "_slow", "_full"})
    if (function.ends_with(suffix)) function.remove_suffix(suffix.size());
  const auto found = std::find_if(std::begin(kEntryPoints), std::end(kEntryPoints),
                                  [&](const EntryPoint& each) { return each.name == function; });
  return found == std::end(kEntryPoints) ? nullptr : found;
}

// The library's inner functions, whose names only its debug information has.
bool is_futex_helper(std::string_view function) {
  function.remove_prefix(std::min(function.find_first_not_of('_'), function.size()));
  return function.starts_with("futex_") || function.starts_with("lll_lock");
}

struct FutexWait {
  uint64_t word = 0;
  uint32_t value = 0;
  uint32_t operation = 0;
  bool timed = false;
  bool lock = false;  // of the kernel's own kind: priority inheritance
};

FutexWait futex_wait(const SystemCall& call) {
  FutexWait wait;
  wait.word = call.arguments[0];
  wait.operation = static_cast<uint32_t>(call.arguments[1]) & FUTEX_CMD_MASK;
  wait.value = static_cast<uint32_t>(call.arguments[2]);
  wait.timed = call.arguments[3] != 0;
  wait.lock =
      wait.operation == FUTEX_LOCK_PI || wait.operation == 13;  // FUTEX_LOCK_PI2, younger than the headers
  return wait;
}

std::optional<model::MutexWords> mutex_words(Memory& memory, uint64_t address) {
  return memory.value<model::MutexWords>(address);
}

// A wait inside of a condition call is for the mutex when the word waited on is a mutex's in use.
bool is_mutex_word(const ProcessImage& process, const FutexWait& futex) {
  if (futex.lock) return true;
  const auto words = mutex_words(*process.memory, futex.word);
  if (!words || words->owner == 0) return false;
  const bool owner_is_known = process.thread_with_own_tid(words->owner) != nullptr;
  const bool plain = futex.value == kContended && words->lock == kContended;
  const bool robust = (futex.value & FUTEX_WAITERS) != 0 && (futex.value & FUTEX_TID_MASK) == words->owner;
  return owner_is_known && (plain || robust);
}

// Each word that a thread sleeps on lies at its own place in the primitive.
uint64_t start_of(ResourceKind kind, const FutexWait& futex, const CLibrary& library) {
  const bool second = (futex.word & 7) != 0;  // the primitives are aligned to eight
  switch (kind) {
    case ResourceKind::kCondition:
      return futex.word - (library.condition_signals() + (second ? 4 : 0));
    case ResourceKind::kBarrier:
      return futex.word - 4;
    case ResourceKind::kRwlock:
      // The phase and the writers have words of their own, with small values; a preferred writer's readers
      // sleep on the first word.
      if (second) return futex.word - 12;
      return futex.value < 4 ? futex.word - 8 : futex.word;
    default:
      return futex.word;
  }
}

// A join sleeps on the joined thread's id, in its descriptor.
uint32_t joined_thread(const ProcessImage& process, const FutexWait& futex) {
  const auto tid = process.memory->value<uint32_t>(futex.word);
  return tid && *tid == futex.value && process.thread_with_own_tid(*tid) != nullptr ? *tid : 0;
}

// A stdio lock names its owner by the address of that thread's descriptor, which starts with its own address
// and has the thread's id at a place of its own.
struct StdioLockWords {
  uint32_t lock;
  uint32_t count;
  uint64_t owner;
};
#if defined(__x86_64__)
constexpr uint64_t kTidInDescriptor = 720;
#else
constexpr uint64_t kTidInDescriptor = 0;  // not known
#endif

std::optional<model::LockState> stdio_lock_state(Memory& memory, uint64_t address) {
  const auto words = memory.value<StdioLockWords>(address);
  if (!words) return std::nullopt;
  model::LockState state;
  state.word = words->lock == 0 ? model::LockState::kFree : model::LockState::kTaken;
  if (words->lock == 0 || kTidInDescriptor == 0) return state;
  if (memory.value<uint64_t>(words->owner) == words->owner)
    state.owner = memory.value<uint32_t>(words->owner + kTidInDescriptor).value_or(0);
  return state;
}

bool is_stdio_lock(const ProcessImage& process, const FutexWait& futex) {
  if (futex.value != kContended) return false;
  const auto state = stdio_lock_state(*process.memory, futex.word);
  return state && state->owner != 0 && process.thread_with_own_tid(state->owner) != nullptr;
}

bool is_plausible_mutex(const ProcessImage& process, const FutexWait& futex) {
  const auto words = mutex_words(*process.memory, futex.word);
  return words && words->kind < 512 && is_mutex_word(process, futex);
}

// The kernel refuses a wait for a mutex with priority inheritance that would close a cycle, and glibc then
// sleeps for ever on a word of its own.
bool is_on_stack(const SystemCall& call, uint64_t address) {
  return address >= call.stack_pointer && address - call.stack_pointer < 4096;
}

// By the words alone: of a mutex, a thread's descriptor, a semaphore without a unit, a once in progress.
NativeWait wait_by_shape(const ProcessImage& process, const FutexWait& futex, bool is_private) {
  NativeWait wait;
  wait.timed = futex.timed;
  wait.address = futex.word;
  constexpr uint32_t kOnceStates = 3;
  constexpr uint32_t kOnceInProgress = 1;
  const auto semaphore = process.memory->value<model::SemaphoreWords>(futex.word);
  if (is_plausible_mutex(process, futex)) {
    wait.kind = ResourceKind::kMutex;
  } else if (!is_private && futex.value > kContended && joined_thread(process, futex) != 0) {
    wait.kind = ResourceKind::kThread;
    wait.joins = joined_thread(process, futex);
    wait.address = 0;
  } else if (futex.value == 0 && semaphore && semaphore->value == 0 && semaphore->waiters != 0 &&
             semaphore->waiters < 1u << 20) {
    wait.kind = ResourceKind::kSemaphore;
  } else if ((futex.value & kOnceStates) == kOnceInProgress && !futex.timed) {
    wait.kind = ResourceKind::kOnce;
  } else {
    wait.kind = ResourceKind::kFutex;
  }
  return wait;
}

}  // namespace

bool is_futex_wait(const SystemCall& call) {
  if (call.number != SYS_futex) return false;
  const FutexWait wait = futex_wait(call);
  return wait.lock || wait.operation == FUTEX_WAIT || wait.operation == FUTEX_WAIT_BITSET ||
         wait.operation == FUTEX_WAIT_REQUEUE_PI;
}

NativeWait native_wait(const ProcessImage& process, const SystemCall& call, std::span<const WaitFrame> frames,
                       const CLibrary& library) {
  const FutexWait futex = futex_wait(call);
  NativeWait wait;
  wait.kind = ResourceKind::kFutex;
  wait.address = futex.word;
  wait.timed = futex.timed;
  if (!library.is_glibc) return wait;

  // Functions of the library that wait may have called others that do it for them, and some of those have no
  // name. The program's own frames, if it comes to them, say nothing.
  const EntryPoint* entry = nullptr;
  bool named_otherwise = false;
  for (const WaitFrame& frame : frames) {
    entry = entry_point(frame.function);
    if (entry != nullptr || (!frame.in_c_library && !frame.function.empty())) break;
    named_otherwise = named_otherwise || (!frame.function.empty() && !is_futex_helper(frame.function));
  }
  if (entry == nullptr) {
    const bool in_library = !frames.empty() && frames.front().in_c_library;
    if (is_stdio_lock(process, futex)) {
      wait.kind = ResourceKind::kStdioFile;
    } else if (in_library && is_on_stack(call, futex.word)) {
      wait.kind = ResourceKind::kMutex;
      wait.address = 0;
      wait.by_guess = true;
    } else if (!named_otherwise) {
      wait = wait_by_shape(process, futex, (call.arguments[1] & FUTEX_PRIVATE_FLAG) != 0);
      wait.by_shape = !in_library;
    }
    return wait;
  }
  wait.kind = entry->kind;
  wait.shared = entry->shared;
  if (wait.kind == ResourceKind::kCondition && is_mutex_word(process, futex)) {
    wait.kind = ResourceKind::kMutex;
    wait.reacquiring = true;
    wait.timed = false;  // the time limit is for the condition
  }
  if (wait.kind == ResourceKind::kThread) {
    wait.joins = joined_thread(process, futex);
    wait.address = 0;
    if (wait.joins == 0) wait.kind = ResourceKind::kFutex;
    return wait;
  }
  if (wait.kind == ResourceKind::kMutex && is_on_stack(call, futex.word)) {
    wait.address = 0;
    wait.by_guess = true;
    return wait;
  }
  wait.address = start_of(wait.kind, futex, library);
  return wait;
}

uint64_t refused_mutex(const ProcessImage& process, const Registers& registers) {
  for (uint32_t i = 0; i < Registers::kCount; ++i) {
    const uint64_t address = registers.value[i];
    if ((registers.known >> i & 1) == 0 || address % 8 != 0) continue;
    const auto words = mutex_words(*process.memory, address);
    if (!words || words->kind >= 512 || (words->kind & model::kMutexInherits) == 0 || words->owner == 0)
      continue;
    if ((words->lock & FUTEX_TID_MASK) == words->owner &&
        process.thread_with_own_tid(words->owner) != nullptr)
      return address;
  }
  return 0;
}

std::optional<model::LockState> lock_state(Memory& memory, ResourceKind kind, uint64_t address) {
  const auto read = [&]<typename Words>(Words) -> std::optional<model::LockState> {
    const auto words = memory.value<Words>(address);
    if (!words) return std::nullopt;
    return model::state_of(*words);
  };
  switch (kind) {
    case ResourceKind::kMutex:
      return read(model::MutexWords{});
    case ResourceKind::kRwlock:
      return read(model::RwlockWords{});
    case ResourceKind::kSemaphore:
      return read(model::SemaphoreWords{});
    case ResourceKind::kBarrier:
      return read(model::BarrierWords{});
    case ResourceKind::kStdioFile:
      return stdio_lock_state(memory, address);
    default:
      return std::nullopt;
  }
}

}  // namespace gordian::capture
