// The whole terminal as a screen that is drawn over and over, and given back as it was.
//
// Promises: uses the alternate screen, so that what was on the terminal is there again afterwards. The
// destructor gives the terminal back; signals that would end the process must be blocked for as long as it
// lives, and taken by `TerminalEvents`. A screen is written at once and over the one before, so that nothing
// flickers. Throws Refusal when the terminal cannot be written.
#pragma once

#include <termios.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace gordian::cli {

// Standard output is a terminal that can do more than a printer.
bool has_terminal();

struct ScreenSize {
  uint32_t columns = 80;
  uint32_t rows = 24;
};

class TerminalScreen {
 public:
  TerminalScreen() { enter(); }
  ~TerminalScreen() { leave(); }
  TerminalScreen(const TerminalScreen&) = delete;
  TerminalScreen& operator=(const TerminalScreen&) = delete;

  ScreenSize size() const;

  // Lines, no wider and no more than the size says.
  void draw(std::string_view text) const;

  // To be given back for a while, as for Ctrl-Z.
  void leave() noexcept;
  void enter();

 private:
  bool is_entered_ = false;
  bool has_keys_ = false;
  termios before_{};
};

}  // namespace gordian::cli
