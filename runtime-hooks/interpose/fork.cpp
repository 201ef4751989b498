// _Fork, and what else makes a process without running the handlers of pthread_atfork, by which an ordinary
// fork is seen (runtime.cpp). A child in its parent's memory (vfork, CLONE_VM) is its parent's thread to us,
// which stands still meanwhile.
#include "runtime-hooks/fork.h"

#include <linux/sched.h>
#include <sched.h>
#include <stdarg.h>

#include "runtime-hooks/real.h"

namespace gordian::hooks {
namespace {

struct Start {
  int (*routine)(void*);
  void* argument;
};

int start_child(void* argument) {
  const Start start =
      *static_cast<Start*>(argument);  // on the parent's stack, of which the child has its own copy
  fork_over_in_child();
  return start.routine(start.argument);
}

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

pid_t _Fork() noexcept {
  fork_begins();
  const pid_t child = real::raw_fork();
  if (child == 0)
    fork_over_in_child();
  else
    fork_over_in_parent();
  return child;
}

int clone(int (*routine)(void*), void* stack, int flags, void* argument, ...) noexcept {
  va_list rest;
  va_start(rest, argument);
  auto* parent_tid = va_arg(rest, void*);  // whether or not they were passed: so does glibc
  auto* tls = va_arg(rest, void*);
  auto* child_tid = va_arg(rest, void*);
  va_end(rest);
  if ((flags & CLONE_VM) != 0 || routine == nullptr)
    return real::clone(routine, stack, flags, argument, parent_tid, tls, child_tid);
  Start start{routine, argument};
  fork_begins();
  const int child = real::clone(start_child, stack, flags, &start, parent_tid, tls, child_tid);
  fork_over_in_parent();
  return child;
}

}  // extern "C"
#pragma GCC visibility pop
