// The pen of the text renderers: colours when wanted, wrapped prose, stacks with source lines.
//
// Promises: whatever is passed as a name, a path or prose is made printable first; only the pen's own escape
// sequences reach the result. Not thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/finding/finding.h"
#include "analyzer/report/source_lines.h"
#include "analyzer/report/text_options.h"

namespace gordian::report {

enum class Colour { kPlain, kStrong, kBad, kWarning, kGood, kName, kDim };

class Writer {
 public:
  explicit Writer(const TextOptions& options) : options_(options) {}

  const TextOptions& options() const { return options_; }
  std::string take() { return std::move(text_); }

  std::string paint(Colour colour, std::string_view text) const;

  // One line, as it is: its parts have been made printable by the caller.
  void line(size_t indent, std::string_view text);
  void blank() { text_ += '\n'; }

  // Prose, wrapped; `first` starts the first line, further lines hang below its end. A newline in it starts a
  // new line.
  void prose(size_t indent, std::string_view first, std::string_view text, Colour colour_of_first);

  // Frames with their places, the source line below the first frame of the program's own code. Neighbouring
  // frames of the C and C++ libraries are folded into one line, that names the function that the program
  // called.
  void stack(size_t indent, const finding::Stack& stack);

 private:
  void frame(size_t indent, size_t number, const finding::Frame& frame);
  void folded(size_t indent, const finding::Stack& stack, size_t first, size_t count);
  bool excerpt(size_t indent, const finding::Frame& frame);

  const TextOptions& options_;
  std::string text_;
  SourceLines sources_;
};

// `"name" (tid 12, pid 10)`, printable; without what is not known of it.
std::string describe(const finding::ThreadName& thread);

// `accounts[1].lock (mutex)`, printable; the address only where there is no name.
std::string describe(const finding::ResourceName& resource, std::string_view mode);

// `523 ms`, `12.3 s`, `4 min 05 s`, `2 h 07 min`
std::string describe_duration(uint64_t milliseconds);

}  // namespace gordian::report
