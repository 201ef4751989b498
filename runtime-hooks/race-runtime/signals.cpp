// sigaction and signal: what was done before a handler was installed comes before the handler, in whichever
// thread it runs. The handler is called by one of ours, and the program sees its own where it asks.
#include <signal.h>

#include "runtime-hooks/race-runtime/sync.h"
#include "runtime-hooks/real.h"

namespace gordian::hooks::races {
namespace {

using Handler = void (*)(int, siginfo_t*, void*);
constexpr uint64_t kSignals = uint64_t{3} << 60;  // addresses that no memory has

constinit uintptr_t handlers[NSIG] = {};  // the program's

constinit Real<"sigaction", kDefault, int(int, const struct sigaction*, struct sigaction*)> real_sigaction;
constinit Real<"signal", kDefault, sighandler_t(int, sighandler_t)> real_signal;

uint64_t object_of_signal(int number) {
  return kSignals | static_cast<uint64_t>(number) << 8;
}

// One that takes a single argument ignores the others.
void on_signal(int number, siginfo_t* info, void* context) {
  RaceThread* self = hot.thread;
  // What the interrupted code wants to be left out is not what the handler wants.
  const uint32_t unfollowed = self != nullptr ? self->unfollowed : 0;
  if (self != nullptr) self->unfollowed = 0;
  acquire_at(object_of_signal(number));
  const uintptr_t handler = __atomic_load_n(&handlers[number], __ATOMIC_ACQUIRE);
  if (handler != 0) reinterpret_cast<Handler>(handler)(number, info, context);
  if (self != nullptr && self == hot.thread) self->unfollowed = unfollowed;
}

bool is_handler(const struct sigaction* action) {
  return action != nullptr && action->sa_handler != SIG_DFL && action->sa_handler != SIG_IGN;
}

// What was there before, as the program put it.
void show(struct sigaction* action, uintptr_t before) {
  if (action == nullptr || action->sa_sigaction != on_signal || before == 0) return;
  __builtin_memcpy(&action->sa_handler, &before, sizeof(before));
}

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks::races;

#pragma GCC visibility push(default)
extern "C" {

int gordian_sigaction(int number, const struct sigaction* action, struct sigaction* old) asm("sigaction");
int gordian_sigaction(int number, const struct sigaction* action, struct sigaction* old) {
  if (number <= 0 || number >= NSIG) return real_sigaction(number, action, old);
  const uintptr_t before = __atomic_load_n(&handlers[number], __ATOMIC_ACQUIRE);
  if (!is_handler(action)) {
    const int result = real_sigaction(number, action, old);
    if (result == 0) show(old, before);
    return result;
  }
  release_at(object_of_signal(number), true);
  struct sigaction ours = *action;
  // Of two handlers that are exchanged while the signal comes, either may be called, as ever.
  __atomic_store_n(&handlers[number], reinterpret_cast<uintptr_t>(action->sa_sigaction), __ATOMIC_RELEASE);
  ours.sa_sigaction = on_signal;
  const int result = real_sigaction(number, &ours, old);
  if (result == 0)
    show(old, before);
  else
    __atomic_store_n(&handlers[number], before, __ATOMIC_RELEASE);
  return result;
}

sighandler_t gordian_signal(int number, sighandler_t handler) asm("signal");
sighandler_t gordian_signal(int number, sighandler_t handler) {
  struct sigaction action {};
  struct sigaction old {};
  if (handler == SIG_ERR || number <= 0 || number >= NSIG) return real_signal(number, handler);
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;  // as glibc's
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, number);
  return gordian_sigaction(number, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}

}  // extern "C"
#pragma GCC visibility pop
