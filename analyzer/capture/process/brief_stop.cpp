#include "analyzer/capture/process/brief_stop.h"

#include <elf.h>
#include <fmt/format.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "analyzer/capture/process/registers.h"

namespace gordian::capture {
namespace {

using Clock = std::chrono::steady_clock;

// Waits for the seized thread to stop; it is interrupted already.
bool wait_until_stopped(pid_t tid, Clock::time_point deadline) {
  for (;;) {
    int status = 0;
    const pid_t changed = ::waitpid(tid, &status, __WALL | WNOHANG);
    if (changed == tid) return WIFSTOPPED(status);
    if (changed < 0 || Clock::now() >= deadline) return false;
    ::usleep(20);
  }
}

bool is_pipe(uint32_t pid, uint64_t descriptor) {
  std::error_code error;
  const auto target = std::filesystem::read_symlink(fmt::format("/proc/{}/fd/{}", pid, descriptor), error);
  return !error && target.string().starts_with("pipe:");
}

}  // namespace

bool restarts_unseen(const SystemCall& call, uint32_t pid) {
  switch (call.number) {
    case SYS_futex:
    case SYS_wait4:
    case SYS_waitid:
    case SYS_flock:
    case SYS_fcntl:
    case SYS_nanosleep:
    case SYS_clock_nanosleep:
    case SYS_ppoll:
    case SYS_pselect6:
#ifdef SYS_poll
    case SYS_poll:
    case SYS_select:
    case SYS_pause:
#endif
      return true;
    case SYS_read:
    case SYS_write:
      return is_pipe(pid, call.arguments[0]);
    default:
      return false;
  }
}

bool BriefStop::stop_and_read(ThreadImage& thread) {
  const auto tid = static_cast<pid_t>(thread.tid);
  if (::ptrace(PTRACE_SEIZE, tid, nullptr, nullptr) != 0) return false;
  ::ptrace(PTRACE_INTERRUPT, tid, nullptr, nullptr);
  const bool is_stopped = wait_until_stopped(tid, Clock::now() + left_);
  bool have = false;
  if (is_stopped) {
    user_regs_struct general;
    iovec part{&general, sizeof general};
    if (::ptrace(PTRACE_GETREGSET, tid, reinterpret_cast<void*>(NT_PRSTATUS), &part) == 0) {
      thread.registers = registers_from(&general, part.iov_len);
      have = thread.registers.has_value();
    }
  }
  // A thread that has not stopped yet cannot be let go; the kernel does it when this process ends.
  ::ptrace(PTRACE_DETACH, tid, nullptr, nullptr);
  return have;
}

bool BriefStop::read_registers(const ProcessImage& process, ThreadImage& thread) {
  if (left_.count() <= 0 || process.tracer != 0 || thread.ended() || thread.state == 'D') return false;
  if (thread.call && !restarts_unseen(*thread.call, process.speaker)) return false;
  const auto start = Clock::now();
  const bool have = stop_and_read(thread);
  left_ -= Clock::now() - start;
  // It may have gone on since it was looked at.
  if (have && thread.call && thread.registers->stack_pointer != thread.call->stack_pointer)
    thread.registers.reset();
  return thread.registers.has_value();
}

}  // namespace gordian::capture
