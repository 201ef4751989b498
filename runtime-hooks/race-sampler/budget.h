// What the search for races may cost: a share of the time that passes, on as many processors as the program
// can use.
//
// Counted are the program's threads' time in our handlers and in stalls, and the processor time of the
// sampler itself. Some is granted in advance, so that a short run is looked at, too; what is not used up
// is kept only to a limit, so that a quiet hour is not followed by a busy second.
#pragma once

#include <sched.h>
#include <time.h>

#include <algorithm>
#include <cstdint>

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/race-sampler/trap.h"

namespace gordian::hooks::races {

class Budget {
 public:
  explicit Budget(uint32_t percent)
      : percent_(percent), processors_(count_processors()), last_ns_(now_ns()), last_spent_(spent()) {}

  bool is_spent(uint64_t now) {
    const uint32_t running = runtime.live_threads.load(std::memory_order_relaxed);
    credit_ += static_cast<int64_t>((now - last_ns_) * percent_ / 100 * std::clamp(running, 1u, processors_));
    const uint64_t so_far = spent();
    credit_ -= static_cast<int64_t>(so_far - last_spent_);
    credit_ = std::min(credit_, kMostCredit);
    last_ns_ = now;
    last_spent_ = so_far;
    if (credit_ <= 0) resting_ = true;
    if (credit_ >= kEnough) resting_ = false;
    return resting_;
  }

  // Time that does not count.
  void skip(uint64_t now) {
    last_ns_ = now;
    last_spent_ = spent();
  }

  // How long until it is worth beginning again.
  uint64_t pause() const {
    return std::max(static_cast<uint64_t>(std::max<int64_t>(kEnough - credit_, 0)) * 100 / percent_,
                    kLeastPause);
  }

  // Processor time of the calling thread.
  static uint64_t own_time() {
    timespec own;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &own);
    return static_cast<uint64_t>(own.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(own.tv_nsec);
  }

 private:
  static constexpr int64_t kGrant = 50'000'000;
  static constexpr int64_t kMostCredit = 50'000'000;
  static constexpr int64_t kEnough = 4'000'000;
  static constexpr uint64_t kLeastPause = 10'000'000;

  static uint64_t spent() { return __atomic_load_n(&spent_ns, __ATOMIC_RELAXED) + own_time(); }

  static uint32_t count_processors() {
    cpu_set_t set;
    const long size = raw_syscall(SYS_sched_getaffinity, 0, sizeof(set), reinterpret_cast<long>(&set));
    return size > 0 ? std::max(1, CPU_COUNT_S(static_cast<size_t>(size), &set)) : 1;
  }

  uint32_t percent_;
  uint32_t processors_;
  uint64_t last_ns_;
  uint64_t last_spent_;
  int64_t credit_ = kGrant;
  bool resting_ = false;
};

}  // namespace gordian::hooks::races
