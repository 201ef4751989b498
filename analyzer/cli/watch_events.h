// What can happen while a process is watched: it ends, a key, a signal, the window gets another size, or only
// time passes.
//
// Promises: no busy waiting. With `take_signals` the signals that end or stop a process are blocked and come
// as events, so that the terminal can be given back first; the destructor unblocks them.
#pragma once

#include <signal.h>

#include <chrono>
#include <cstdint>

namespace gordian::cli {

using Clock = std::chrono::steady_clock;

enum class Happening { kTime, kProcessEnded, kQuit, kResized, kStop, kSignal };

class WatchEvents {
 public:
  WatchEvents(uint32_t pid, bool take_signals);
  ~WatchEvents();
  WatchEvents(const WatchEvents&) = delete;
  WatchEvents& operator=(const WatchEvents&) = delete;

  // The first thing that happens; kTime when nothing did until then.
  Happening wait_until(Clock::time_point moment);

  // False: the kernel cannot, and it must be found out otherwise.
  bool tells_of_the_end() const { return process_ >= 0; }

  // After kSignal: which.
  int signal_number() const { return signal_number_; }

 private:
  Happening read_signal();
  Happening read_key();

  int process_ = -1;
  int signals_ = -1;
  bool has_keys_ = false;
  int signal_number_ = 0;
  sigset_t before_{};
};

// Ends this process by that signal, as if it had never been taken.
[[noreturn]] void die_of(int signal_number);

}  // namespace gordian::cli
