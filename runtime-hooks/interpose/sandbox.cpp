// prctl, unshare, setns; and, by way of syscall (futex.cpp), seccomp: what a program does to be confined.
//
// A filter may answer a system call that the program itself never makes by killing it. So the runtime makes
// its last ones before the filter is there: the judge ends, and what is not recorded by then is not recorded
// at all. Namespaces of users are for processes of one thread, which is the judge's to keep.
#include "runtime-hooks/interpose/sandbox.h"

#include <linux/seccomp.h>
#include <sched.h>
#include <sys/prctl.h>

#include "runtime-hooks/judge/judge.h"
#include "runtime-hooks/race-sampler/sampler.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

// Without a filter program it is a question whether the kernel could, not a filter.
void before_seccomp(long operation, const void* program) {
  if (operation == SECCOMP_SET_MODE_STRICT || (operation == SECCOMP_SET_MODE_FILTER && program != nullptr))
    runtime.retreat();
}

void before_prctl(long option, long mode, const void* program) {
  if (option != PR_SET_SECCOMP) return;
  if (mode == SECCOMP_MODE_STRICT) before_seccomp(SECCOMP_SET_MODE_STRICT, nullptr);
  if (mode == SECCOMP_MODE_FILTER) before_seccomp(SECCOMP_SET_MODE_FILTER, program);
}

namespace {

void leave_alone() {
  if (runtime.live_threads.load(std::memory_order_relaxed) > 1) return;
  judge_give_way(false);
  if constexpr (kSampling) races_give_way(false);
}

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
// Declared variadic, as syscall is.
extern "C" int gordian_prctl(int option, long a, long b, long c, long d) asm("prctl");
extern "C" int gordian_prctl(int option, long a, long b, long c, long d) {
  before_prctl(option, a, reinterpret_cast<const void*>(b));
  return real::prctl(option, a, b, c, d);
}

extern "C" int unshare(int flags) noexcept {
  leave_alone();
  return real::unshare(flags);
}

extern "C" int setns(int fd, int type) noexcept {
  leave_alone();
  return real::setns(fd, type);
}
#pragma GCC visibility pop
