// What the search for races may cost: a share of the processor time that the program takes, and where that is
// little, of half the time that passes.
//
// Counted are the program's threads' time in our handlers and in stalls, the processor time of the sampler
// itself, what setting breakpoints interrupts, and estimates: of what breakpoints cost when a processor
// changes threads, and of how much slower code runs while they are set, and beside one. What nobody sees,
// such as cold caches, has a fifth of the share. Some is granted in advance, so that a short run is looked
// at, too; what is not used up is kept only to a limit, so that a quiet hour is not followed by a busy
// second.
#pragma once

#include <sys/resource.h>
#include <time.h>

#include <algorithm>
#include <cstdint>

#include "runtime-hooks/race-sampler/trap.h"

namespace gordian::hooks::races {

class Budget {
 public:
  explicit Budget(uint32_t percent)
      : percent_(percent),
        credit_(granted(percent)),
        last_ns_(now_ns()),
        last_used_(time_of(CLOCK_PROCESS_CPUTIME_ID)),
        last_spent_(spent()),
        last_switches_(switches()) {}

  bool is_spent(uint64_t now) {
    if (now < last_ns_ + kInterval) return resting_;
    const uint64_t used = time_of(CLOCK_PROCESS_CPUTIME_ID);
    const uint64_t passed = now - last_ns_;
    const uint64_t base = std::max(used - last_used_, passed / 2);
    const uint64_t so_far = spent();
    const uint64_t switched = switches();
    if (!resting_)
      credit_ -= static_cast<int64_t>((switched - last_switches_) * kSwitchCost +
                                      (used - last_used_) * kSlowerWhileSet / 100);
    credit_ +=
        static_cast<int64_t>(base * percent_ / 100 * 4 / 5) - static_cast<int64_t>(so_far - last_spent_);
    credit_ = std::min(credit_, most_credit(percent_));
    last_ns_ = now;
    last_used_ = used;
    last_spent_ = so_far;
    last_switches_ = switched;
    if (credit_ <= 0) resting_ = true;
    if (credit_ >= kEnough) resting_ = false;
    return resting_;
  }

  // Time that does not count.
  void skip(uint64_t now) {
    last_ns_ = now;
    last_used_ = time_of(CLOCK_PROCESS_CPUTIME_ID);
    last_spent_ = spent();
    last_switches_ = switches();
  }

  // How long until it is worth beginning again.
  uint64_t pause() const {
    return std::max(static_cast<uint64_t>(std::max<int64_t>(kEnough - credit_, 0)) * 100 / percent_,
                    kLeastPause);
  }

  // Processor time of the calling thread.
  static uint64_t own_time() { return time_of(CLOCK_THREAD_CPUTIME_ID); }

 private:
  static constexpr uint64_t kInterval = 2'000'000;
  // What is granted in advance: that of a fifth of a second. What is kept: that of a second.
  static int64_t granted(uint32_t percent) { return most_credit(percent) / 5; }
  static int64_t most_credit(uint32_t percent) { return std::min(percent, 10u) * int64_t{10'000'000}; }
  static constexpr uint64_t kSwitchCost =
      6'000;  // changes of threads with three breakpoints set: twice what was measured
  static constexpr uint64_t kSlowerWhileSet = 3;  // percent, by breakpoints anywhere; 1 was measured
  static constexpr int64_t kEnough = 4'000'000;
  static constexpr uint64_t kLeastPause = 10'000'000;

  static uint64_t spent() { return __atomic_load_n(&spent_ns, __ATOMIC_RELAXED) + own_time(); }

  // Of all threads, the sampler's own among them.
  static uint64_t switches() {
    rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<uint64_t>(usage.ru_nvcsw + usage.ru_nivcsw);
  }

  static uint64_t time_of(clockid_t clock) {
    timespec time;
    clock_gettime(clock, &time);
    return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(time.tv_nsec);
  }

  uint32_t percent_;
  int64_t credit_;
  uint64_t last_ns_;
  uint64_t last_used_;
  uint64_t last_spent_;
  uint64_t last_switches_;
  bool resting_ = false;
};

}  // namespace gordian::hooks::races
