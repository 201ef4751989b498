#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <memory>
#include <optional>
#include <random>

#include "analyzer/capture/process_watch.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/error.h"
#include "analyzer/cli/output.h"
#include "analyzer/cli/terminal_screen.h"
#include "analyzer/cli/watch_events.h"
#include "analyzer/cli/watched_process.h"
#include "analyzer/report/watch_text.h"

namespace gordian::cli {
namespace {

using Seconds = std::chrono::duration<double>;

struct WatchOptions {
  std::string input;
  double interval = 1;
  uint32_t count = 0;  // 0: not told
  uint32_t samples = 50;
  uint32_t top = 10;
  std::string colour = "auto";
};

Clock::duration in_clock_time(Seconds duration) {
  return std::chrono::duration_cast<Clock::duration>(duration);
}

// When to take the next sample. Not like clockwork, so that a program that does things at regular times is
// seen at all of its moments; and seldom enough to take no more than a twentieth of one processor.
class SamplePace {
 public:
  explicit SamplePace(uint32_t per_second) : least_(1.0 / per_second) {}

  Clock::time_point next() {
    constexpr double kShare = 1.0 / 20;
    const double period = std::max(least_, cost_ / kShare);
    return Clock::now() + in_clock_time(Seconds(period * spread_(chance_)));
  }

  void took(Clock::duration duration) {
    constexpr double kWeight = 0.1;
    cost_ += kWeight * (Seconds(duration).count() - cost_);
  }

 private:
  double least_;
  double cost_ = 0;  // of a sample, lately
  std::minstd_rand chance_;
  std::uniform_real_distribution<double> spread_{0.5, 1.5};
};

class Watching {
 public:
  Watching(const WatchOptions& options, const WatchedProcess& process)
      : options_(options),
        pid_(process.pid),
        count_(options.count == 0 && !has_terminal() ? 1 : options.count),
        events_(process.pid, has_terminal()),
        watch_(process.record, process.pid),
        pace_(options.samples) {
    text_.colour = text_options_for(STDOUT_FILENO, colour_wish_from(options.colour)).colour;
    text_.rows = options.top;
    if (has_terminal()) screen_.emplace();
  }

  int run() {
    begin();
    while (!is_over_) react(events_.wait_until(std::min(next_sample_, next_screen_)));
    const bool had_screen = screen_.has_value();
    screen_.reset();
    if (killed_by_ != 0) die_of(killed_by_);
    // What was seen last is worth keeping, unless the user has had enough of it.
    if (had_screen && !was_quit_ && view_) write_output("", rendered());
    if (!end_.empty()) write_output("", end_ + '\n');
    return kExitNothing;
  }

 private:
  void begin() {
    constexpr Seconds kFirst{0.25};  // nobody likes to look at an empty screen for long
    if (screen_) screen_->draw("gordian watch: taking samples, and reading debug information\n");
    const Seconds interval{options_.interval};
    next_screen_ = Clock::now() + in_clock_time(screen_ ? std::min(kFirst, interval) : interval);
    next_sample_ = pace_.next();
  }

  void react(Happening happened) {
    switch (happened) {
      case Happening::kTime:
        return go_on();
      case Happening::kProcessEnded:
        return end("has ended");
      case Happening::kResized:
        return draw();
      case Happening::kStop:
        return pause();
      case Happening::kSignal:
        killed_by_ = events_.signal_number();
        [[fallthrough]];
      case Happening::kQuit:
        was_quit_ = is_over_ = true;
    }
  }

  void go_on() {
    if (Clock::now() >= next_screen_) return show();
    const Clock::time_point begun = Clock::now();
    watch_.sample();
    pace_.took(Clock::now() - begun);
    next_sample_ = pace_.next();
  }

  void show() {
    if (!watch_.is_running()) {
      if (has_image()) return end("executes another program now");
      // Otherwise its first thread alone has ended.
      if (!events_.tells_of_the_end()) return end("has ended");
    }
    view_ = watch_.view();
    ++shown_;
    if (screen_)
      draw();
    else
      write_output("", (shown_ > 1 ? "\n" : "") + rendered());
    is_over_ = shown_ == count_;
    // By the clock, unless it cannot be kept.
    next_screen_ = std::max(next_screen_ + in_clock_time(Seconds{options_.interval}), Clock::now());
    next_sample_ = pace_.next();
  }

  bool has_image() const {
    char target[8];
    return readlink(fmt::format("/proc/{}/exe", pid_).c_str(), target, sizeof target) > 0;
  }

  std::string rendered() const {
    report::WatchTextOptions text = text_;
    if (screen_) {
      const ScreenSize size = screen_->size();
      text.width = size.columns;
      text.height = size.rows;
    }
    return report::render_watch_text(*view_, text);
  }

  void draw() const {
    if (screen_ && view_) screen_->draw(rendered());
  }

  void pause() {
    if (screen_) screen_->leave();
    raise(SIGSTOP);
    if (screen_) screen_->enter();
    draw();
  }

  void end(const std::string& how) {
    end_ = fmt::format("process {} {}", pid_, how);
    is_over_ = true;
  }

  const WatchOptions& options_;
  uint32_t pid_;
  uint32_t count_;  // screens to show; 0: until the end
  WatchEvents events_;
  capture::ProcessWatch watch_;
  SamplePace pace_;
  report::WatchTextOptions text_;
  Clock::time_point next_sample_;
  Clock::time_point next_screen_;
  std::optional<finding::WatchView> view_;
  uint32_t shown_ = 0;
  std::string end_;  // why there is nothing left to watch
  int killed_by_ = 0;
  bool was_quit_ = false;
  bool is_over_ = false;
  std::optional<TerminalScreen> screen_;  // last, so that it is given back before signals come again
};

}  // namespace

void add_watch(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "watch", "Show who waits for whom in a running process, and which locks are fought over");
  set_usage(*command, "gordian watch [OPTIONS] PID|RECORD");
  auto options = std::make_shared<WatchOptions>();
  command
      ->add_option(
          "PROCESS", options->input,
          "The pid of a process that was started with gordian run or with the library preloaded; or its "
          "flight record")
      ->required()
      ->type_name("");
  command->add_option("--interval", options->interval, "Seconds from one screen to the next")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.05, 86400.0))
      ->capture_default_str();
  command
      ->add_option("--count", options->count,
                   "Screens to show; without it, as many as there is time for on a terminal, and 1 elsewhere")
      ->type_name("N")
      ->check(CLI::Range(1, 1000000000));
  command->add_option("--samples", options->samples, "Looks at the process, a second")
      ->type_name("N")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--top", options->top, "Lines to show of each part")
      ->type_name("N")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  command
      ->add_option("--color", options->colour,
                   "Colours: always, never, or auto: on a terminal without NO_COLOR")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  command->callback([options, &action] {
    action = [options] { return Watching(*options, find_watched_process(options->input)).run(); };
  });
}

}  // namespace gordian::cli
