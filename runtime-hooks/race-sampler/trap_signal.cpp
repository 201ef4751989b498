// sigaction, signal, sigprocmask, pthread_sigmask: as far as SIGTRAP is concerned.
#include "runtime-hooks/race-sampler/trap_signal.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <ucontext.h>

#include <cstring>

#include "runtime-hooks/race-sampler/trap.h"
#include "runtime-hooks/real.h"

namespace gordian::hooks {

namespace real {

#define GORDIAN_REAL(name) inline constinit Real<#name, kDefault, decltype(::name)> name
GORDIAN_REAL(sigaction);
GORDIAN_REAL(signal);
GORDIAN_REAL(sigprocmask);
GORDIAN_REAL(pthread_sigmask);
#undef GORDIAN_REAL

}  // namespace real

namespace races {

namespace {

constinit bool taken = false;
struct sigaction program_action = {};         // what the program has for SIGTRAP; in a CriticalSection
constinit bool masks_trap[65] = {};           // whose handlers are to run with SIGTRAP blocked
constinit thread_local bool believes_blocked  // what this thread has done to SIGTRAP
    __attribute__((tls_model("initial-exec"))) = false;

// The kernel's part of siginfo for a trap by perf_event, which not every libc's headers have.
struct PerfInfo {
  uint64_t data;
  uint32_t type;
  uint32_t flags;
};
constexpr size_t kPerfInfo = 24;
constexpr int kTrapPerf = 6;
constexpr uint32_t kLate = 1;  // it was blocked when it happened: where the thread stands says nothing

Registers registers_of(const ucontext_t& context) {
  // The order of DWARF's numbers.
  static constexpr int kOrder[Registers::kCount] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI,
                                                    REG_RBP, REG_RSP, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                                    REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
  Registers registers;
  for (uint32_t i = 0; i < Registers::kCount; ++i)
    registers.value[i] = static_cast<uint64_t>(context.uc_mcontext.gregs[kOrder[i]]);
  return registers;
}

bool is_ours(const siginfo_t* info, PerfInfo& perf) {
  if (info->si_code != kTrapPerf) return false;
  std::memcpy(&perf, reinterpret_cast<const char*>(info) + kPerfInfo, sizeof(perf));
  return (perf.data & (uint64_t{0xffffffff} << 32)) == kTagMark;
}

// What happens to a signal that nobody handles: the process ends by it, as soon as this handler returns.
void die_of_it() {
  struct sigaction fatal = {};
  fatal.sa_handler = SIG_DFL;
  real::sigaction(SIGTRAP, &fatal, nullptr);
  raw_syscall(SYS_tgkill, kernel::process_id(), kernel::thread_id(), SIGTRAP);
}

// The program's own handler, with the signals blocked that it asked for.
void pass_on(int number, siginfo_t* info, void* context) {
  const struct sigaction action = program_action;
  const bool is_sent = info->si_code <= 0;
  if (action.sa_handler == SIG_IGN && is_sent) return;
  if (action.sa_handler == SIG_DFL || action.sa_handler == SIG_IGN) return die_of_it();
  if ((action.sa_flags & static_cast<int>(SA_RESETHAND)) != 0) program_action.sa_handler = SIG_DFL;
  uint64_t mask = 0;
  uint64_t interrupted = 0;
  std::memcpy(&mask, &action.sa_mask, sizeof(mask));
  std::memcpy(&interrupted, &static_cast<ucontext_t*>(context)->uc_sigmask, sizeof(interrupted));
  kernel::restore_signals((mask | interrupted) & ~(uint64_t{1} << (SIGTRAP - 1)));
  if ((action.sa_flags & SA_SIGINFO) != 0)
    action.sa_sigaction(number, info, context);
  else
    action.sa_handler(number);
}

void on_signal(int number, siginfo_t* info, void* context) {
  PerfInfo perf;
  if (!is_ours(info, perf)) return pass_on(number, info, context);
  if ((perf.flags & kLate) != 0) return miss_trap(perf.data & UINT32_MAX);
  on_trap(perf.data & UINT32_MAX, reinterpret_cast<uint64_t>(info->si_addr),
          registers_of(*static_cast<ucontext_t*>(context)));
}

// Ours; whether calls are restarted after it is as the program asked for its own.
bool install(bool restarts) {
  struct sigaction ours = {};
  ours.sa_sigaction = on_signal;
  ours.sa_flags = SA_SIGINFO | SA_ONSTACK | (restarts ? SA_RESTART : 0);
  sigfillset(&ours.sa_mask);
  return real::sigaction(SIGTRAP, &ours, nullptr) == 0;
}

bool restarts(const struct sigaction& action) {
  const bool has_handler = action.sa_handler != SIG_DFL && action.sa_handler != SIG_IGN;
  return !has_handler || (action.sa_flags & SA_RESTART) != 0;
}

int set_trap_action(const struct sigaction* action, struct sigaction* old) {
  struct sigaction before;
  {
    CriticalSection section;
    before = program_action;
    if (action != nullptr) program_action = *action;
  }
  if (action != nullptr) install(restarts(*action));
  if (old != nullptr) *old = before;
  return 0;
}

// A handler that blocks everything must not block ours.
int set_action(int number, const struct sigaction* action, struct sigaction* old) {
  struct sigaction changed;
  const bool masks = action != nullptr && sigismember(&action->sa_mask, SIGTRAP) == 1;
  if (masks) {
    changed = *action;
    sigdelset(&changed.sa_mask, SIGTRAP);
  }
  const bool masked = number > 0 && number < 65 && masks_trap[number];
  const int result = real::sigaction(number, masks ? &changed : action, old);
  if (result != 0) return result;
  if (old != nullptr && masked) sigaddset(&old->sa_mask, SIGTRAP);
  if (action != nullptr) masks_trap[number] = masks;
  return result;
}

template <typename RealCall>
int set_mask(int how, const sigset_t* set, sigset_t* old, RealCall real_call) {
  sigset_t changed;
  const bool names_trap = set != nullptr && sigismember(set, SIGTRAP) == 1;
  if (names_trap && how != SIG_UNBLOCK) {
    changed = *set;
    sigdelset(&changed, SIGTRAP);
  }
  const bool believed = believes_blocked;
  const int result = real_call(how, names_trap && how != SIG_UNBLOCK ? &changed : set, old);
  if (result != 0) return result;
  if (set != nullptr) {
    if (how == SIG_SETMASK) believes_blocked = names_trap;
    if (how == SIG_BLOCK && names_trap) believes_blocked = true;
    if (how == SIG_UNBLOCK && names_trap) believes_blocked = false;
  }
  if (old != nullptr && believed) sigaddset(old, SIGTRAP);
  return result;
}

}  // namespace

bool take_trap_signal() {
  if (real::sigaction(SIGTRAP, nullptr, &program_action) != 0) return false;
  if (!install(restarts(program_action))) return false;
  sigset_t trap;
  sigset_t before;
  sigemptyset(&trap);
  sigaddset(&trap, SIGTRAP);
  if (real::pthread_sigmask(SIG_UNBLOCK, &trap, &before) == 0)
    believes_blocked = sigismember(&before, SIGTRAP) == 1;
  taken = true;
  return true;
}

}  // namespace races
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int sigaction(int number, const struct sigaction* action, struct sigaction* old) noexcept {
  if (!races::taken) return real::sigaction(number, action, old);
  if (number == SIGTRAP) return races::set_trap_action(action, old);
  return races::set_action(number, action, old);
}

sighandler_t signal(int number, sighandler_t handler) noexcept {
  if (!races::taken || number != SIGTRAP || handler == SIG_ERR) return real::signal(number, handler);
  struct sigaction action = {};
  struct sigaction old;
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  races::set_trap_action(&action, &old);
  return old.sa_handler;
}

int sigprocmask(int how, const sigset_t* set, sigset_t* old) noexcept {
  const auto call = [](int way, const sigset_t* to, sigset_t* from) {
    return real::sigprocmask(way, to, from);
  };
  return races::taken ? races::set_mask(how, set, old, call) : call(how, set, old);
}

int pthread_sigmask(int how, const sigset_t* set, sigset_t* old) noexcept {
  const auto call = [](int way, const sigset_t* to, sigset_t* from) {
    return real::pthread_sigmask(way, to, from);
  };
  return races::taken ? races::set_mask(how, set, old, call) : call(how, set, old);
}

}  // extern "C"
#pragma GCC visibility pop
