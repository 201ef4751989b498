#include "runtime-hooks/race-sampler/sampler.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>

#include "runtime-hooks/options.h"
#include "runtime-hooks/own_thread.h"
#include "runtime-hooks/print.h"
#include "runtime-hooks/race-sampler/budget.h"
#include "runtime-hooks/race-sampler/hunt.h"
#include "runtime-hooks/race-sampler/tracer.h"
#include "runtime-hooks/race-sampler/trap_signal.h"
#include "runtime-hooks/race-sampler/wanted_sites.h"
#include "runtime-hooks/real.h"

namespace gordian::hooks {

namespace races {

namespace {

constexpr uint64_t kSettling = 200'000'000;  // the longest that a thread's creation waits for us
constexpr uint64_t kLookForModules = 2'000'000'000;
constexpr uint64_t kAlonePause = 50'000'000;
constexpr uint64_t kLookForTracer = 100'000'000;
constexpr uint64_t kLongestWait = 20'000'000;

enum Running : uint32_t { kNone, kRunning, kStopping };

struct SamplerState {
  pthread_t thread;
  uint32_t running;
  uint32_t refused;
  uint32_t stop;
  uint32_t tid;
  uint32_t ready;  // futex: 0 until the threads are covered, or cannot be
};
constinit SamplerState sampler{};
constinit uint64_t own_ns = 0;  // the sampler's processor time
constinit bool enabled = false;
constinit bool complained = false;
constinit long refusal = 0;  // -errno, why there are no breakpoints
constinit bool is_traced = false;

constinit CodeMap map;
constinit Breakpoints breakpoints;
constinit Hunt hunt{map, breakpoints};

// One line, by whoever may write to standard error.
void complain() {
  if (complained || runtime.options().quiet) return;
  complained = true;
  Line line;
  line.add("gordian: data races are not looked for in process ").add(kernel::process_id());
  if (refusal != 0)
    line.add(": the kernel refuses hardware breakpoints (perf_event_open: ")
        .add(error_text(refusal))
        .add(")");
  else
    line.add(" while a debugger has it");
  line.add("; everything else is watched\n").write_to_stderr();
}

void say_numbers() {
  const Hunt::Numbers& numbers = hunt.numbers;
  Line line;
  line.add("gordian: races: ").add(map.site_count()).add(" sites, ").add(numbers.turns).add(" turns, ");
  line.add(numbers.visits)
      .add(" visits, ")
      .add(numbers.looks)
      .add(" looks, ")
      .add(numbers.hits)
      .add(" hits, ")
      .add(numbers.probes);
  line.add(" probes, ").add(numbers.shared).add(" of them shared, ").add(numbers.stalls).add(" stalls, ");
  line.add(numbers.patrols).add(" patrols, ");
  line.add(numbers.caught).add(" caught, ").add(trap_count).add(" traps, ").add(spent_ns / 1000);
  line.add(" us of the program's threads, ").add(own_ns / 1000).add(" us of its own, ");
  line.add(hunt.set_cost() / 1000).add(" us to set a breakpoint\n").write_to_stderr();
}

// Unprivileged threads may ask for short slices, which brings them to a processor soon after they wake up.
void ask_for_short_slices() {
  struct {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
  } attributes{48, 0, 0, 0, 0, 200'000, 0, 0};
  attributes.nice = 20 - static_cast<int32_t>(raw_syscall(SYS_getpriority, 0, 0));
  raw_syscall(SYS_sched_setattr, 0, reinterpret_cast<long>(&attributes), 0);
}

bool is_stopping() {
  return __atomic_load_n(&sampler.stop, __ATOMIC_ACQUIRE) != 0;
}

void say_ready() {
  __atomic_store_n(&sampler.ready, 1, __ATOMIC_RELEASE);
  kernel::futex_wake(&sampler.ready, INT32_MAX);
}

void pause_until(uint32_t seen, uint64_t now, uint64_t until) {
  if (until <= now) return;
  const uint64_t pause = std::min(until - now, kLongestWait);
  const timespec time = {0, static_cast<long>(pause)};
  kernel::futex_wait(&sampler_word, seen, &time);
}

// Threads that begin meanwhile have to fit.
void rest() {
  hunt.rest();
  if (runtime.live_threads.load(std::memory_order_relaxed) <= Breakpoints::kMostThreads / 2)
    breakpoints.close();
}

bool is_awake() {
  return breakpoints.are_open() || breakpoints.open(runtime.header().judge_tid) == 0;
}

// The program's own sites are all needed for that, now.
void prefer_wanted_sites() {
  if (!runtime.options().race_sites) return;
  while (!map.has_all_of_program()) map.take_more(hunt.random());
  hunt.sites_are_more();
  for_each_wanted(
      runtime.options().directory, [](void*, uint64_t low, uint64_t high) { hunt.prefer(low, high); },
      nullptr);
}

void sample() {
  uint64_t look_again = now_ns() + kLookForModules;
  uint64_t look_for_tracer = 0;
  Budget budget(runtime.options().race_overhead);
  while (!is_stopping()) {
    const uint32_t seen = __atomic_load_n(&sampler_word, __ATOMIC_ACQUIRE);
    const uint64_t now = now_ns();
    if (now >= look_for_tracer) {
      is_traced = has_tracer();
      look_for_tracer = now + kLookForTracer;
    }
    if (is_traced || runtime.live_threads.load(std::memory_order_relaxed) <= 1) {
      rest();
      budget.skip(now);
      pause_until(seen, now, now + kAlonePause);
      continue;
    }
    if (now >= look_again && !map.has_more()) {
      map.look();
      hunt.sites_are_more();
      look_again = now + kLookForModules;
    }
    own_ns = Budget::own_time();
    if (budget.is_spent(now)) {
      rest();
      pause_until(seen, now, now + budget.pause());
      continue;
    }
    if (!is_awake()) {
      pause_until(seen, now, now + kAlonePause);
      continue;
    }
    const uint64_t until = hunt.step(now);
    if (map.has_more()) {
      if (map.take_more(hunt.random())) hunt.sites_moved();
      hunt.sites_are_more();
      continue;
    }
    pause_until(seen, now, until);
  }
  hunt.rest();
}

void* sampler_main(void*) {
  local.finished = true;
  sampler.tid = kernel::thread_id();
  // A table of descriptors of our own: nothing of the program's is kept open, and it sees none of ours.
  constexpr long kCloseRange = 436;
  constexpr long kUnshare = 2;
  long error = raw_syscall(kCloseRange, 0, UINT32_MAX, kUnshare);
  for (int i = 0; i < 3 && error == 0; ++i) kernel::open("/dev/null", O_RDWR);
  if (error == 0 && !map.prepare()) error = -12 /* ENOMEM */;
  if (error == 0) error = breakpoints.open(runtime.header().judge_tid);
  is_traced = has_tracer();
  if (error == 0) ask_for_short_slices();
  refusal = error;
  if (error == 0) {
    say_ready();
    map.look();
    prefer_wanted_sites();
    sample();
    breakpoints.close();
  }
  say_ready();
  return nullptr;
}

// Who waits for a thread's end comes back before the kernel has forgotten it, and the calls that ask for a
// process of one thread count it still.
void wait_until_forgotten(uint32_t tid) {
  constexpr uint64_t kLimit = 100'000'000;
  const uint64_t until = now_ns() + kLimit;
  while (raw_syscall(SYS_tgkill, kernel::process_id(), tid, 0) == 0 && now_ns() < until)
    raw_syscall(SYS_sched_yield);
}

}  // namespace
}  // namespace races

using namespace races;

void races_initialise() {
  if (runtime.options().race_overhead == 0) return;
  enabled = take_trap_signal();
}

void races_start() {
  if (!enabled || __atomic_load_n(&sampler.running, __ATOMIC_ACQUIRE) != kNone ||
      __atomic_load_n(&sampler.refused, __ATOMIC_ACQUIRE) != 0)
    return;
  uint32_t expected = kNone;
  if (!__atomic_compare_exchange_n(&sampler.running, &expected, kRunning, false, __ATOMIC_ACQ_REL,
                                   __ATOMIC_ACQUIRE))
    return;
  sampler.stop = 0;
  sampler.ready = 0;
  refusal = 0;
  if (start_own_thread(sampler.thread, sampler_main) != 0) {
    __atomic_store_n(&sampler.running, kNone, __ATOMIC_RELEASE);
    return;
  }
  const uint64_t until = now_ns() + kSettling;
  constexpr timespec kLook = {0, 10'000'000};
  while (__atomic_load_n(&sampler.ready, __ATOMIC_ACQUIRE) == 0 && now_ns() < until)
    kernel::futex_wait(&sampler.ready, 0, &kLook);
  if (refusal != 0) {
    races_give_way(true);
    complain();
  } else if (is_traced) {
    complain();
  }
}

void races_give_way(bool for_good) {
  if (for_good) __atomic_store_n(&sampler.refused, 1, __ATOMIC_RELEASE);
  uint32_t expected = kRunning;
  if (!__atomic_compare_exchange_n(&sampler.running, &expected, kStopping, false, __ATOMIC_ACQ_REL,
                                   __ATOMIC_ACQUIRE))
    return;
  races_process_ends();
  real::pthread_join(sampler.thread, nullptr);
  wait_until_forgotten(sampler.tid);
  __atomic_store_n(&sampler.running, kNone, __ATOMIC_RELEASE);
}

void races_process_ends() {
  if (runtime.options().race_numbers && races_threads() != 0) say_numbers();
  __atomic_store_n(&sampler.stop, 1, __ATOMIC_RELEASE);
  wake_sampler();
}

void races_after_fork() {
  sampler = {};
  breakpoints = {};
  hunt.forget_slots();
}

uint32_t races_threads() {
  return __atomic_load_n(&sampler.running, __ATOMIC_ACQUIRE) != kNone ? 1 : 0;
}

}  // namespace gordian::hooks
