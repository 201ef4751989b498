// A lock for a few instructions. A signal handler that comes while its own thread has it goes on without:
// what it protects must bear that (each user says why).
#pragma once

#include <cstdint>

#include "runtime-hooks/arch.h"
#include "runtime-hooks/kernel.h"

namespace gordian::hooks::races {

struct Spin {
  uint32_t owner;  // 0: free; else a thread's own mark
};

// Not the kernel's number, which would take a call: the place of something that is the thread's own.
inline uint32_t own_mark() {
  static thread_local char mark __attribute__((tls_model("initial-exec")));
  return static_cast<uint32_t>(reinterpret_cast<uint64_t>(&mark) >> 4) | 1;
}

class SpinGuard {
 public:
  explicit SpinGuard(Spin& spin) : spin_(spin) {
    const uint32_t self = own_mark();
    for (uint32_t turns = 0;; ++turns) {
      uint32_t seen = 0;
      // Acquire: what the last owner wrote is seen.
      if (__atomic_compare_exchange_n(&spin_.owner, &seen, self, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
        return;
      if (seen == self) {
        nested_ = true;
        return;
      }
      if (turns < 100)
        cpu_relax();
      else
        raw_syscall(SYS_sched_yield);
    }
  }
  ~SpinGuard() {
    if (!nested_) __atomic_store_n(&spin_.owner, 0, __ATOMIC_RELEASE);
  }
  SpinGuard(const SpinGuard&) = delete;

  // It is the thread's already: this is a handler that came in between.
  bool is_nested() const { return nested_; }

 private:
  Spin& spin_;
  bool nested_ = false;
};

}  // namespace gordian::hooks::races
