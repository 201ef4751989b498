// What the search for races may cost: a share of the time that passes.
//
// Counted are the program's threads' time in our handlers and in stalls, and the processor time of the
// sampler itself. Some is granted in advance, so that a short run is looked at, too; what is not used up
// is kept only to a limit, so that a quiet hour is not followed by a busy second.
#pragma once

#include <time.h>

#include <algorithm>
#include <cstdint>

#include "runtime-hooks/race-sampler/trap.h"

namespace gordian::hooks::races {

class Budget {
 public:
  explicit Budget(uint32_t percent) : percent_(percent), last_ns_(now_ns()), last_spent_(spent()) {}

  bool is_spent(uint64_t now) {
    credit_ += static_cast<int64_t>((now - last_ns_) * percent_ / 100);
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
    return static_cast<uint64_t>(std::max<int64_t>(kEnough - credit_, 0)) * 100 / percent_ + 100'000;
  }

 private:
  static constexpr int64_t kGrant = 50'000'000;
  static constexpr int64_t kMostCredit = 50'000'000;
  static constexpr int64_t kEnough = 2'000'000;

  static uint64_t spent() {
    timespec own;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &own);
    return __atomic_load_n(&spent_ns, __ATOMIC_RELAXED) + static_cast<uint64_t>(own.tv_sec) * 1'000'000'000u +
           static_cast<uint64_t>(own.tv_nsec);
  }

  uint32_t percent_;
  uint64_t last_ns_;
  uint64_t last_spent_;
  int64_t credit_ = kGrant;
  bool resting_ = false;
};

}  // namespace gordian::hooks::races
