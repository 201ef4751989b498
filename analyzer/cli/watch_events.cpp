#include "analyzer/cli/watch_events.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "analyzer/cli/error.h"
#include "analyzer/cli/output.h"

namespace gordian::cli {

WatchEvents::WatchEvents(uint32_t pid, bool take_signals)
    : process_(static_cast<int>(syscall(SYS_pidfd_open, pid, 0))),
      has_keys_(take_signals && isatty(STDIN_FILENO) == 1) {
  if (!take_signals) return;
  sigset_t taken;
  sigemptyset(&taken);
  for (const int each : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH}) sigaddset(&taken, each);
  sigprocmask(SIG_BLOCK, &taken, &before_);
  signals_ = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
  if (signals_ >= 0) return;
  const int error = errno;
  sigprocmask(SIG_SETMASK, &before_, nullptr);
  throw Refusal("cannot wait for signals: " + error_text(error) + "; use --count 1 and a pipe");
}

WatchEvents::~WatchEvents() {
  if (process_ >= 0) close(process_);
  if (signals_ < 0) return;
  close(signals_);
  sigprocmask(SIG_SETMASK, &before_, nullptr);
}

Happening WatchEvents::read_signal() {
  signalfd_siginfo info{};
  if (read(signals_, &info, sizeof info) != sizeof info) return Happening::kTime;
  signal_number_ = static_cast<int>(info.ssi_signo);
  if (signal_number_ == SIGWINCH) return Happening::kResized;
  return signal_number_ == SIGTSTP ? Happening::kStop : Happening::kSignal;
}

Happening WatchEvents::read_key() {
  char keys[64];
  const ssize_t got = read(STDIN_FILENO, keys, sizeof keys);
  if (got <= 0) has_keys_ = false;  // nobody is there any more
  return got > 0 && std::any_of(keys, keys + got, [](char key) { return key == 'q' || key == 'Q'; })
             ? Happening::kQuit
             : Happening::kTime;
}

Happening WatchEvents::wait_until(Clock::time_point moment) {
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(moment - Clock::now()).count();
    pollfd sources[] = {
        {signals_, POLLIN, 0}, {has_keys_ ? STDIN_FILENO : -1, POLLIN, 0}, {process_, POLLIN, 0}};
    const int ready = poll(sources, std::size(sources), static_cast<int>(std::clamp<long>(left, 0, 1000)));
    if (ready > 0) {
      Happening happened = Happening::kTime;
      if (sources[0].revents != 0) happened = read_signal();
      if (happened == Happening::kTime && sources[1].revents != 0) happened = read_key();
      if (happened == Happening::kTime && sources[2].revents != 0) happened = Happening::kProcessEnded;
      if (happened != Happening::kTime) return happened;
    }
    if (Clock::now() >= moment) return Happening::kTime;
  }
}

void die_of(int signal_number) {
  signal(signal_number, SIG_DFL);
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal_number);
  sigprocmask(SIG_UNBLOCK, &only, nullptr);
  raise(signal_number);
  std::_Exit(128 + signal_number);
}

}  // namespace gordian::cli
