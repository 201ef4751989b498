#include "runtime-hooks/judge/confirm.h"

#include <pthread.h>
#include <semaphore.h>

#include "analyzer/model/lock_words.h"
#include "runtime-hooks/judge/kernel_wait.h"
#include "runtime-hooks/modules.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

using model::Link;
using model::ResourceKind;
using model::Snapshot;
using model::Thread;
using verdict::Member;

namespace {

constexpr uint32_t kTypeBits = 3;
constexpr uint32_t kRobust = 16;  // in a mutex's kind (glibc, bits of __kind)
constexpr uint32_t kPriorityInherit = 32;
constexpr uint32_t kProcessShared = 128;

bool unchanged(const Thread& thread) {
  const ThreadRecord& record = runtime.thread(thread.slot);
  return record.serial == thread.serial &&
         __atomic_load_n(&record.progress, __ATOMIC_ACQUIRE) == thread.progress;
}

// Whether an owner word names that thread; a thread that forked is still known by its number of before. 0
// names nobody.
bool names(uint32_t owner, const Thread& thread) {
  return owner != 0 && (owner == thread.tid || owner == thread.tid_before_fork);
}

bool rwlock_agrees(const Thread& waiter, const Thread& holder) {
  model::RwlockWords lock;
  if (!kernel::peek(waiter.wait.resource.address, &lock, sizeof(lock))) return false;
  for (const model::Hold& hold : holder.holds) {
    if (hold.resource != waiter.wait.resource) continue;
    if (hold.shared ? lock.readers >> model::kRwlockReadersShift != 0 : names(lock.writer, holder))
      return true;
  }
  // Not a holder: a writer in the queue.
  return holder.waiting && holder.wait.resource == waiter.wait.resource &&
         lock.readers >> model::kRwlockReadersShift != 0;
}

// The primitive must say itself that the other has it. (A normal mutex that another thread unlocked, against
// the rules, no longer does.)
bool owner_agrees(const Snapshot& snapshot, const Member& member) {
  const Thread& waiter = snapshot.threads[member.thread.value];
  if (!member.holder.valid()) return true;
  if (waiter.wait.resource.kind == ResourceKind::kRwlock)
    return rwlock_agrees(waiter, snapshot.threads[member.holder.value]);
  if (waiter.wait.resource.kind != ResourceKind::kMutex) return true;
  const Thread& holder = snapshot.threads[member.holder.value];
  model::MutexWords mutex;
  if (!kernel::peek(waiter.wait.resource.address, &mutex, sizeof(mutex))) return false;
  if (mutex.lock == 0) return false;
  // These answer their owner at once. (In the child of a fork the owner they know is the parent's thread.)
  const uint32_t type = mutex.kind & kTypeBits;
  const bool answers_owner = type == PTHREAD_MUTEX_RECURSIVE || type == PTHREAD_MUTEX_ERRORCHECK;
  if (answers_owner && mutex.owner == waiter.tid) return false;
  if (!names(mutex.owner, holder)) return false;
  const bool gone = member.link == Link::kEnded || member.link == Link::kLeftBehind;
  return !gone || (mutex.kind & (kRobust | kProcessShared)) == 0;
}

// Memory that is shared may have its owner in another process, alive and well.
bool owner_may_be_elsewhere(const Snapshot& snapshot, const Member& member) {
  const bool gone = member.link == Link::kEnded || member.link == Link::kLeftBehind;
  return gone && in_shared_mapping(snapshot.threads[member.thread.value].wait.resource.address);
}

// The kernel refuses a priority-inheriting lock that would close a cycle, and glibc then sleeps for ever on a
// word of its own.
bool is_priority_inherit(uint64_t address) {
  model::MutexWords mutex;
  return kernel::peek(address, &mutex, sizeof(mutex)) && (mutex.kind & kPriorityInherit) != 0;
}

// How far from its address a primitive's futex words reach; 0 for those that sleep elsewhere: a join on the
// thread's descriptor, a FILE's lock on its own block, a spin lock not at all. Exact: a woken condition wait
// may sleep on a mutex that lies right behind.
uint64_t futex_words_size(ResourceKind kind, uint64_t address) {
  switch (kind) {
    case ResourceKind::kMutex:
      return is_priority_inherit(address) ? 0 : sizeof(pthread_mutex_t);
    case ResourceKind::kRwlock:
      return sizeof(pthread_rwlock_t);
    case ResourceKind::kBarrier:
      return sizeof(pthread_barrier_t);
    case ResourceKind::kCondition:
      return sizeof(pthread_cond_t);
    case ResourceKind::kSemaphore:
      return sizeof(sem_t);
    case ResourceKind::kOnce:
      return sizeof(pthread_once_t);
    case ResourceKind::kStaticGuard:
      return sizeof(long);
    case ResourceKind::kFutex:
      return sizeof(uint32_t);
    default:
      return 0;
  }
}

// glibc keeps the value in the low half of the first word. While there is a unit left nobody waits for ever:
// somebody has posted, and whom that wakes can for a moment still look asleep.
bool has_units(uint64_t semaphore) {
  uint32_t value = 0;
  return kernel::peek(semaphore, &value, sizeof(value)) && value != 0;
}

// The same of a mutex that nobody has any more.
bool is_free(uint64_t mutex) {
  uint32_t lock = 0;
  return kernel::peek(mutex, &lock, sizeof(lock)) && lock == 0;
}

// `must_know`: where the kernel does not say, it is not taken for granted.
Agreement kernel_agrees(const Thread& thread, bool must_know) {
  if (thread.wait.resource.kind == ResourceKind::kSemaphore && has_units(thread.wait.resource.address))
    return Agreement::kNotYet;
  if (thread.wait.resource.kind == ResourceKind::kMutex && is_free(thread.wait.resource.address))
    return Agreement::kNotYet;
  const KernelWait kernel = kernel_wait(thread.tid);
  if (!kernel.known) return must_know ? Agreement::kNo : Agreement::kYes;
  if (!kernel.exists) return Agreement::kNo;
  if (thread.wait.resource.kind == ResourceKind::kSpin) return Agreement::kYes;
  if (!kernel.in_futex) return Agreement::kNotYet;
  const uint64_t address = thread.wait.resource.address;
  const uint64_t size = futex_words_size(thread.wait.resource.kind, address);
  if (size != 0 && (kernel.futex_word < address || kernel.futex_word >= address + size))
    return Agreement::kNotYet;
  return Agreement::kYes;
}

// Every stuck thread sleeps where its record says.
Agreement all_sleep(const Snapshot& snapshot, bool stall, uint32_t about_to_block) {
  for (const Thread& thread : snapshot.threads) {
    if (!thread.live() || !thread.waiting) continue;
    if (!unchanged(thread)) return Agreement::kNo;
    // Whatever other processes can reach, they can signal.
    if (stall && thread.wait.resource.kind != ResourceKind::kThread &&
        in_shared_mapping(thread.wait.resource.address))
      return Agreement::kNo;
    if (thread.tid == about_to_block) continue;
    const Agreement kernel = kernel_agrees(thread, true);
    if (kernel != Agreement::kYes) return kernel;
  }
  return Agreement::kYes;
}

}  // namespace

Agreement confirm(const Snapshot& snapshot, const verdict::Verdict& verdict, uint32_t about_to_block) {
  Agreement agreement = Agreement::kYes;
  for (const Member& member : verdict.members) {
    const Thread& thread = snapshot.threads[member.thread.value];
    // Its end is recorded a little before it ends, and what it still does then may be to give back.
    if (member.link == Link::kEnded && kernel_wait(snapshot.threads[member.holder.value].tid).exists)
      agreement = Agreement::kNotYet;
    if (!unchanged(thread) || !owner_agrees(snapshot, member) || owner_may_be_elsewhere(snapshot, member))
      return Agreement::kNo;
    if (thread.tid == about_to_block) continue;
    const Agreement kernel = kernel_agrees(thread, false);
    if (kernel == Agreement::kNo) return kernel;
    if (kernel == Agreement::kNotYet) agreement = kernel;
  }
  // Where nothing in particular owns what is waited for, every other stuck thread is part of the proof too.
  const bool rests_on_all = verdict.rule == record::Rule::kGlobalStall ||
                            verdict.rule == record::Rule::kLostWakeup ||
                            verdict.grade != record::Grade::kProven;
  if (rests_on_all) {
    // Twice: one that was woken while the others were asked for the first time is awake the second time.
    const bool stall =
        verdict.rule == record::Rule::kGlobalStall || verdict.rule == record::Rule::kLostWakeup;
    for (int round = 0; round < 2 && agreement == Agreement::kYes; ++round)
      agreement = all_sleep(snapshot, stall, about_to_block);
  }
  // All at one time: nobody moved while the others were asked.
  for (const Member& member : verdict.members)
    if (!unchanged(snapshot.threads[member.thread.value])) return Agreement::kNo;
  return agreement;
}

}  // namespace gordian::hooks
