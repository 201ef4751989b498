#include "analyzer/cli/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <ctime>

#include "analyzer/cli/error.h"
#include "analyzer/cli/output.h"

namespace gordian::cli {
namespace {

constexpr std::array kSignals = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGPIPE, SIGCHLD};
constexpr long kPollNanoseconds = 100'000'000;

// What the signal handlers reach. Handlers have no argument of ours, so this alone is global.
struct HandlerState {
  std::atomic<pid_t> child{0};  // 0 as soon as its pid may be used again
  std::atomic<record::Control*> control{nullptr};
  std::array<struct sigaction, kSignals.size()> before{};
};
constinit HandlerState g_handlers;
static_assert(std::atomic<pid_t>::is_always_lock_free && std::atomic<record::Control*>::is_always_lock_free);

void pass_on(int signal_number) {
  const int saved_errno = errno;
  const pid_t child =
      g_handlers.child.load(std::memory_order_relaxed);  // same thread: only the handler interrupts it
  if (child > 0) kill(child, signal_number);
  errno = saved_errno;
}

void note_child(int) {
  record::Control* control = g_handlers.control.load(std::memory_order_relaxed);
  // Release, as every writer of `news`; the waiter is this very thread, so that no wake is needed.
  if (control != nullptr) std::atomic_ref(control->news).fetch_add(1, std::memory_order_release);
}

sigset_t all_of_ours() {
  sigset_t set;
  sigemptyset(&set);
  for (int each : kSignals) sigaddset(&set, each);
  return set;
}

void take_signals() {
  for (size_t i = 0; i < kSignals.size(); ++i) {
    struct sigaction& before = g_handlers.before[i];
    sigaction(kSignals[i], nullptr, &before);
    struct sigaction action {};
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    switch (kSignals[i]) {
      case SIGTERM:
      case SIGHUP:
        action.sa_handler = before.sa_handler == SIG_IGN ? SIG_IGN : pass_on;
        break;
      case SIGCHLD:
        action.sa_handler = note_child;
        break;
      default:
        action.sa_handler = SIG_IGN;
    }
    sigaction(kSignals[i], &action, nullptr);
  }
}

void give_signals_back() {
  for (size_t i = 0; i < kSignals.size(); ++i) sigaction(kSignals[i], &g_handlers.before[i], nullptr);
}

std::vector<std::string> environment_of(const Launch& launch) {
  std::vector<std::string> result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    bool is_replaced = false;
    for (const auto& [name, value] : launch.environment) {
      is_replaced = is_replaced || (text.starts_with(name) && text.substr(name.size()).starts_with('='));
    }
    if (!is_replaced) result.emplace_back(text);
  }
  for (const auto& [name, value] : launch.environment) result.push_back(name + '=' + value);
  return result;
}

std::vector<char*> pointers_to(std::vector<std::string>& strings) {
  std::vector<char*> result;
  for (std::string& each : strings) result.push_back(each.data());
  result.push_back(nullptr);
  return result;
}

// In the child.
void silence() {
  const int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere < 0) return;
  dup2(nowhere, STDOUT_FILENO);
  dup2(nowhere, STDERR_FILENO);
  close(nowhere);
}

// Reads the error number that the child could not execute with; 0 when the pipe closed by itself, on a
// successful execve.
int execution_error(int pipe_end) {
  int error = 0;
  ssize_t got = 0;
  do {
    got = read(pipe_end, &error, sizeof error);
  } while (got < 0 && errno == EINTR);
  return got == sizeof error ? error : 0;
}

}  // namespace

Child::Child(const Launch& launch, record::Control& control) {
  std::vector<std::string> arguments = launch.arguments;
  std::vector<std::string> environment = environment_of(launch);
  const std::vector<char*> argument_pointers = pointers_to(arguments);
  const std::vector<char*> environment_pointers = pointers_to(environment);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw Refusal("cannot make a pipe: " + error_text(errno) + "; look at ulimit -n");

  // Blocked across the fork: a signal that comes meanwhile is handled when it is known whom to pass it on to.
  const sigset_t ours = all_of_ours();
  sigset_t mask_before;
  sigprocmask(SIG_BLOCK, &ours, &mask_before);
  take_signals();
  g_handlers.control.store(&control, std::memory_order_relaxed);
  pid_ = fork();
  if (pid_ == 0) {
    give_signals_back();
    sigprocmask(SIG_SETMASK, &mask_before, nullptr);
    if (launch.own_group) setpgid(0, 0);
    if (launch.silent) silence();
    execve(launch.file.c_str(), argument_pointers.data(), environment_pointers.data());
    const int error = errno;
    static_cast<void>(!write(ends[1], &error, sizeof error));
    _exit(kExitError);
  }
  const int fork_error = errno;
  g_handlers.child.store(pid_ > 0 ? pid_ : 0, std::memory_order_relaxed);
  sigprocmask(SIG_SETMASK, &mask_before, nullptr);
  close(ends[1]);
  const int error = pid_ < 0 ? fork_error : execution_error(ends[0]);
  close(ends[0]);
  if (error == 0) return;
  if (pid_ > 0) waitpid(pid_, nullptr, 0);
  g_handlers.child.store(0, std::memory_order_relaxed);
  g_handlers.control.store(nullptr, std::memory_order_relaxed);
  give_signals_back();
  throw Refusal(
      fmt::format("cannot start {}: {}; try to start it without gordian", launch.file, error_text(error)));
}

Child::~Child() {
  g_handlers.child.store(0, std::memory_order_relaxed);
  g_handlers.control.store(nullptr, std::memory_order_relaxed);
  give_signals_back();
}

std::optional<int> Child::ended() {
  if (status_) return status_;
  siginfo_t information{};
  // WNOWAIT first: while the child is not reaped its pid is nobody else's, so the handler must forget it
  // before that.
  if (waitid(P_PID, static_cast<id_t>(pid_), &information, WEXITED | WNOHANG | WNOWAIT) != 0 ||
      information.si_pid == 0) {
    return std::nullopt;
  }
  g_handlers.child.store(0, std::memory_order_relaxed);
  int status = 0;
  waitpid(pid_, &status, 0);
  status_ = status;
  return status_;
}

int exit_code_of(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

uint32_t read_news(record::Control& control) {
  // Acquire: pairs with the release of a process that published a finding before it raised the word.
  return std::atomic_ref(control.news).load(std::memory_order_acquire);
}

void wait_for_news(record::Control& control, uint32_t seen) {
  const timespec timeout = {0, kPollNanoseconds};
  syscall(SYS_futex, &control.news, FUTEX_WAIT, seen, &timeout, nullptr, 0);
}

}  // namespace gordian::cli
