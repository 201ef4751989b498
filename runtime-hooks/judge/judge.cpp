#include "runtime-hooks/judge/judge.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>

#include "runtime-hooks/judge/arena.h"
#include "runtime-hooks/judge/collect.h"
#include "runtime-hooks/judge/confirm.h"
#include "runtime-hooks/judge/inversion.h"
#include "runtime-hooks/judge/orders.h"
#include "runtime-hooks/judge/plain_names.h"
#include "runtime-hooks/judge/publish.h"
#include "runtime-hooks/modules.h"
#include "runtime-hooks/own_thread.h"
#include "runtime-hooks/parties.h"
#include "runtime-hooks/print.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/resources.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

using record::Rule;
using record::ThreadState;

namespace {

constexpr uint64_t kTick = 20'000'000;          // between two looks, while some wait is being followed
constexpr uint64_t kLongSleep = 1'000'000'000;  // when nothing lasts, or all that lasts has been judged
constexpr uint32_t kLooks = 20;                 // how often one and the same picture is judged before that
constexpr uint32_t kChain = 64;                 // owners that the walk follows

enum Running : uint32_t { kNone, kRunning, kStopping };

struct JudgeState {
  pthread_t thread;
  uint32_t running;  // Running
  uint32_t refused;  // not to be started any more
  uint32_t stop;
  uint32_t asleep;   // it sleeps for long and wants to be poked
  uint32_t suspect;  // a cycle has just closed: judge now
  uint32_t word;     // futex it sleeps on
  uint32_t lock;     // around a judgement
  uint64_t picture;  // of the lasting waits, last time
  uint32_t looks;    // times that this picture was judged
};
constinit JudgeState judge{};
constinit uint64_t last_progress[record::kMaxThreads] = {};
constinit bool has_lasted[record::kMaxThreads] = {};  // it was there at the look before the last one, too

bool any_wait(uint32_t, uint64_t) {
  return true;
}
bool lasts(uint32_t slot, uint64_t progress) {
  return has_lasted[slot] && last_progress[slot] == progress;
}

// Blocks signals, too: a thread of the program may be judging, and a handler that jumps would leave the lock
// taken for ever.
class JudgeLock {
 public:
  JudgeLock() : signals_(kernel::block_signals()) {
    while (__atomic_exchange_n(&judge.lock, 1, __ATOMIC_ACQUIRE) != 0) raw_syscall(SYS_sched_yield);
  }
  ~JudgeLock() {
    __atomic_store_n(&judge.lock, 0, __ATOMIC_RELEASE);
    kernel::restore_signals(signals_);
  }

 private:
  uint64_t signals_;
};

// Told at once, without waiting for the wait to last: what ownership proves. A thread that takes its own
// mutex again is left a moment while others run: programs exist in which another thread unlocks it, and only
// the first time shows that.
bool owned_to_the_end(const model::Snapshot& snapshot, const verdict::Verdict& verdict) {
  if (verdict.grade != record::Grade::kProven || verdict.rule == Rule::kGlobalStall) return false;
  if (verdict.rule != Rule::kSelfDeadlock) return true;
  const auto live = std::count_if(snapshot.threads.begin(), snapshot.threads.end(),
                                  [](const model::Thread& thread) { return thread.live(); });
  return static_cast<uint64_t>(live) == verdict.members.size() + verdict.behind;
}

// Which verdicts may be told: just after a wait began only what ownership proves; the rest when waits have
// lasted, or when the thread that asks is the only one.
enum class Scope { kOwned, kLasting, kAlone };

// One judgement. Returns true when something has to be looked at again very soon. `about_to_block` as in
// confirm.h.
bool judge_once(Scope scope, uint32_t about_to_block) {
  if (!arena.prepare()) {
    runtime.count(Unseen::kJudgePasses);
    return false;
  }
  if (setjmp(arena.escape()) != 0) {
    runtime.count(Unseen::kJudgePasses);
    return false;
  }
  bool again = false;
  const model::Snapshot snapshot = collect(scope == Scope::kLasting ? lasts : any_wait);
  for (const verdict::Verdict& verdict : verdict::find_deadlocks(snapshot)) {
    if ((scope == Scope::kOwned && !owned_to_the_end(snapshot, verdict)) || already_told(snapshot, verdict))
      continue;
    switch (confirm(snapshot, verdict, about_to_block)) {
      case Agreement::kYes:
        publish(snapshot, verdict);
        break;
      case Agreement::kNotYet:
        again = true;
        break;
      case Agreement::kNo:
        break;
    }
  }
  if (scope == Scope::kLasting) tell_inversions(snapshot);
  return again;
}

// A cycle has just closed; its last thread may still be on its way into the kernel.
void judge_suspicion(uint32_t about_to_block) {
  constexpr int kTries = 40;
  for (int i = 0; i < kTries && judge_once(Scope::kOwned, about_to_block); ++i) {
    const timespec pause{0, 50'000};
    raw_syscall(SYS_nanosleep, reinterpret_cast<long>(&pause), 0);
  }
}

// Looks at all threads; returns a digest of the lasting waits and remembers where everybody is. Zero when
// nobody waits at all.
uint64_t look(bool& waiting) {
  uint64_t digest = 0;
  waiting = false;
  const uint32_t slots = runtime.thread_slots();
  for (uint32_t slot = 0; slot < slots; ++slot) {
    const ThreadRecord& thread = runtime.thread(slot);
    uint64_t progress = 0;
    uint64_t word = 0;
    const auto state = static_cast<ThreadState>(__atomic_load_n(&thread.state, __ATOMIC_ACQUIRE));
    const bool waits = state == ThreadState::kLive && attempting(thread, progress, word);
    has_lasted[slot] = waits && last_progress[slot] == progress;
    if (!waits) {
      last_progress[slot] = 0;
      continue;
    }
    waiting = true;
    if (has_lasted[slot]) digest = (digest ^ (progress * 0x9E3779B97F4A7C15u + slot)) * 0x100000001B3u;
    last_progress[slot] = progress;
  }
  // Who else lives matters too: a wait can become hopeless by another thread's end.
  return digest == 0 ? 0 : digest + runtime.live_threads.load(std::memory_order_relaxed);
}

void sleep_for(uint64_t ns, uint32_t seen) {
  const timespec time{static_cast<time_t>(ns / 1'000'000'000), static_cast<long>(ns % 1'000'000'000)};
  kernel::futex_wait(&judge.word, seen, &time);
}

void* judge_main(void*) {
  local.finished = true;  // our own calls are nobody's business
  runtime.header().judge_tid = kernel::thread_id();
  real::pthread_setname_np(pthread_self(), "gordian-judge");
  uint64_t pause = kTick;
  while (__atomic_load_n(&judge.stop, __ATOMIC_ACQUIRE) == 0) {
    const uint32_t seen = __atomic_load_n(&judge.word, __ATOMIC_ACQUIRE);
    if (__atomic_exchange_n(&judge.suspect, 0, __ATOMIC_ACQ_REL) != 0) {
      JudgeLock lock;
      judge_suspicion(0);
    }
    bool waiting = false;
    const uint64_t picture = look(waiting);
    if (picture != judge.picture) judge.looks = 0;
    judge.picture = picture;
    if (picture != 0) {
      // Twice a second ever after: a signal handler may be taken down, a patience may end.
      const bool worth_it = judge.looks < kLooks || pause == kLongSleep;
      if (worth_it) {
        const uint64_t begun = now_ns();
        JudgeLock lock;
        judge_once(Scope::kLasting, 0);
        // Never more than a fiftieth of one processor.
        const uint64_t spent = now_ns() - begun;
        pause = spent * 50 > kTick ? spent * 50 : kTick;
      }
      if (judge.looks < kLooks) ++judge.looks;
    }
    const bool quiet = !waiting || (picture != 0 && judge.looks >= kLooks);
    if (quiet)
      pause = kLongSleep;
    else if (pause >= kLongSleep)
      pause = kTick;
    __atomic_store_n(&judge.asleep, quiet ? 1 : 0, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&judge.suspect, __ATOMIC_SEQ_CST) == 0) sleep_for(pause, seen);
    __atomic_store_n(&judge.asleep, 0, __ATOMIC_RELAXED);
  }
  return nullptr;
}

void wake_judge() {
  __atomic_fetch_add(&judge.word, 1, __ATOMIC_RELEASE);
  kernel::futex_wake(&judge.word, 1);
}

// The thread that owns what `entry` waits for, or null.
const ThreadRecord* owner_of(ResourceKind kind, uint64_t address, const ThreadRecord* self) {
  const uint64_t key = address << 8 | static_cast<uint64_t>(kind);
  auto has_it = [&](const ThreadRecord& thread) {
    const uint32_t depth = record::progress_depth(__atomic_load_n(&thread.progress, __ATOMIC_ACQUIRE));
    for (uint32_t i = depth; i-- > 0;) {
      const Hold* entry = entry_at(&thread, i);
      if (entry == nullptr) continue;
      const uint64_t word = __atomic_load_n(&entry->word, __ATOMIC_ACQUIRE);
      if (word >> 8 == key && record::word_status(word) == HoldStatus::kHeld) return true;
    }
    return false;
  };
  if (has_it(*self)) return self;
  if (kind == ResourceKind::kMutex) {
    // The mutex knows its owner; then there is one record to look at.
    const uint32_t tid = __atomic_load_n(reinterpret_cast<const uint32_t*>(address) + 2, __ATOMIC_RELAXED);
    const ThreadRecord* owner = tid != 0 ? runtime.find_by_tid(tid) : nullptr;
    if (owner == nullptr) return nullptr;
    // What a left-behind thread held was copied a little later than the memory was: there the primitive knows
    // better.
    const bool left_behind = owner->state == static_cast<uint32_t>(ThreadState::kLeftBehindByFork);
    return left_behind || has_it(*owner) ? owner : nullptr;
  }
  for (uint32_t slot = 0; slot < runtime.thread_slots(); ++slot) {
    const ThreadRecord& thread = runtime.thread(slot);
    if (thread.state != static_cast<uint32_t>(ThreadState::kFree) && has_it(thread)) return &thread;
  }
  return nullptr;
}

// Follows the owners from `self`'s attempt. True when the chain may not end in a running thread.
bool chain_does_not_end(const ThreadRecord* self) {
  const ThreadRecord* at = self;
  for (uint32_t step = 0; step < kChain; ++step) {
    uint64_t progress = 0;
    uint64_t word = 0;
    if (!attempting(*at, progress, word)) return false;
    if ((word & record::kTimedBit) != 0) return false;
    const auto kind = record::word_kind(word);
    if (!has_single_owner(kind)) return false;  // the general reduction will see
    const ThreadRecord* owner = owner_of(kind, record::word_address(word), at);
    if (owner == nullptr) return false;
    if (owner == self || owner == at) return true;
    if (owner->state != static_cast<uint32_t>(ThreadState::kLive)) return true;
    at = owner;
  }
  return true;
}

}  // namespace

void judge_start() {
  if (__atomic_load_n(&judge.running, __ATOMIC_ACQUIRE) != kNone ||
      __atomic_load_n(&judge.refused, __ATOMIC_ACQUIRE) != 0)
    return;
  uint32_t expected = kNone;
  if (!__atomic_compare_exchange_n(&judge.running, &expected, kRunning, false, __ATOMIC_ACQ_REL,
                                   __ATOMIC_ACQUIRE))
    return;
  judge.stop = 0;
  if (start_own_thread(judge.thread, judge_main) == 0) return;
  __atomic_store_n(&judge.running, kNone, __ATOMIC_RELEASE);
  runtime.count(Unseen::kJudgePasses);
}

void judge_stop_and_join() {
  judge_give_way(false);
}

bool judge_give_way(bool for_good) {
  if (for_good && __atomic_exchange_n(&judge.refused, 1, __ATOMIC_ACQ_REL) == 0)
    runtime.count(Unseen::kJudgePasses);
  uint32_t expected = kRunning;
  if (!__atomic_compare_exchange_n(&judge.running, &expected, kStopping, false, __ATOMIC_ACQ_REL,
                                   __ATOMIC_ACQUIRE))
    return false;
  __atomic_store_n(&judge.stop, 1, __ATOMIC_RELEASE);
  wake_judge();
  real::pthread_join(judge.thread, nullptr);
  runtime.header().judge_tid = 0;
  __atomic_store_n(&judge.running, kNone, __ATOMIC_RELEASE);
  return true;
}

void judge_may_return() {
  __atomic_store_n(&judge.refused, 0, __ATOMIC_RELEASE);
}

void judge_after_fork() {
  judge = {};
}

void poke_judge() {
  if (__atomic_load_n(&judge.asleep, __ATOMIC_RELAXED) == 0) return;
  if (__atomic_exchange_n(&judge.asleep, 0, __ATOMIC_ACQ_REL) != 0) wake_judge();
}

bool judge_orders() {
  JudgeLock lock;
  if (!arena.prepare()) return false;
  if (setjmp(arena.escape()) != 0) {
    if (runtime.options().quiet) return true;
    Line line;
    line.add("gordian: the lock orders of process ").add(kernel::process_id());
    line.add(" are too many to be judged as it ends\n").write_to_stderr();
    print_way_to_record(line);
    return true;
  }
  return tell_orders();
}

void judge_if_cycle_closes(ThreadRecord* self) {
  if (runtime.has_retreated()) return;
  if (!chain_does_not_end(self)) {
    poke_judge();
    return;
  }
  if (__atomic_load_n(&judge.running, __ATOMIC_ACQUIRE) != 0) {
    __atomic_store_n(&judge.suspect, 1, __ATOMIC_SEQ_CST);
    wake_judge();
    return;
  }
  // No judge thread in a process of one thread: it is going to wait for itself, and says so first.
  JudgeLock lock;
  judge_suspicion(self->tid);
}

void judge_if_alone(ThreadRecord* self) {
  if (__atomic_load_n(&judge.running, __ATOMIC_ACQUIRE) != 0) {
    poke_judge();
    return;
  }
  uint64_t progress = 0;
  uint64_t word = 0;
  if (!attempting(*self, progress, word)) return;
  // A barrier may be complete with this thread, a futex word may have changed: of those, nothing can be said
  // before they block.
  const auto kind = record::word_kind(word);
  if (kind != ResourceKind::kSemaphore && kind != ResourceKind::kCondition) return;
  // Nor of what other processes can reach; looked up once.
  record::ResourceRecord* resource = resources.find(kind, record::word_address(word));
  if (resource == nullptr || (resource->flags & record::kResourceProcessShared) != 0) return;
  if (in_shared_mapping(resource->address)) {
    resource->flags |= record::kResourceProcessShared;
    return;
  }
  // A mutex that checks refuses whoever does not hold it, and the wait is over at once.
  if (kind == ResourceKind::kCondition &&
      !is_own(read_lock_state(ResourceKind::kMutex, self->wait_second).owner, self))
    return;
  JudgeLock lock;
  judge_once(Scope::kAlone, self->tid);
}

}  // namespace gordian::hooks
