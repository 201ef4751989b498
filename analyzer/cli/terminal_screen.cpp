#include "analyzer/cli/terminal_screen.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "analyzer/cli/output.h"

namespace gordian::cli {
namespace {

// As xterm and all that follow it understand them: alternate screen, cursor, wrapping at the right edge.
constexpr std::string_view kEnter = "\x1b[?1049h\x1b[?25l\x1b[?7l";
constexpr std::string_view kLeave = "\x1b[?7h\x1b[?25h\x1b[?1049l";
constexpr std::string_view kHome = "\x1b[H";
constexpr std::string_view kClearToEndOfLine = "\x1b[K";
constexpr std::string_view kClearBelow = "\x1b[J";

}  // namespace

bool has_terminal() {
  const char* terminal = std::getenv("TERM");
  return isatty(STDOUT_FILENO) == 1 && terminal != nullptr && *terminal != '\0' &&
         std::string_view(terminal) != "dumb";
}

void TerminalScreen::enter() {
  has_keys_ = tcgetattr(STDIN_FILENO, &before_) == 0;
  if (has_keys_) {
    termios keys = before_;
    keys.c_lflag &=
        ~static_cast<tcflag_t>(ICANON | ECHO);  // each key at once, and unseen; Ctrl-C stays a signal
    tcsetattr(STDIN_FILENO, TCSANOW, &keys);
  }
  is_entered_ = true;
  write_output("", kEnter);
}

void TerminalScreen::leave() noexcept {
  if (!is_entered_) return;
  is_entered_ = false;
  // Whatever becomes of it: there is nobody left to tell.
  if (write(STDOUT_FILENO, kLeave.data(), kLeave.size()) < 0) is_entered_ = false;
  if (has_keys_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

ScreenSize TerminalScreen::size() const {
  winsize window{};
  ScreenSize size;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0) return size;
  if (window.ws_col != 0) size.columns = window.ws_col;
  if (window.ws_row != 0) size.rows = window.ws_row;
  return size;
}

void TerminalScreen::draw(std::string_view text) const {
  std::string output(kHome);
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    output += text.substr(0, end);
    output += kClearToEndOfLine;
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!text.empty()) output += '\n';  // none after the last: it could scroll
  }
  output += kClearBelow;
  write_output("", output);
}

}  // namespace gordian::cli
