#include "analyzer/report/writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/finding/frames.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/phrases.h"

namespace gordian::report {
namespace {

using finding::is_library_frame;

std::string_view escape_sequence(Colour colour) {
  switch (colour) {
    case Colour::kStrong:
      return "\x1b[1m";
    case Colour::kBad:
      return "\x1b[1;31m";
    case Colour::kWarning:
      return "\x1b[1;33m";
    case Colour::kGood:
      return "\x1b[32m";
    case Colour::kName:
      return "\x1b[36m";
    case Colour::kDim:
      return "\x1b[2m";
    case Colour::kPlain:
      break;
  }
  return "";
}

// Columns on a terminal, taking each code point for one.
size_t columns(std::string_view text) {
  return static_cast<size_t>(std::ranges::count_if(
      text, [](char each) { return (static_cast<unsigned char>(each) & 0xc0) != 0x80; }));
}

}  // namespace

std::string Writer::paint(Colour colour, std::string_view text) const {
  if (!options_.colour || colour == Colour::kPlain || text.empty()) return std::string(text);
  return fmt::format("{}{}\x1b[0m", escape_sequence(colour), text);
}

void Writer::line(size_t indent, std::string_view text) {
  text_.append(indent, ' ');
  text_ += text;
  text_ += '\n';
}

void Writer::prose(size_t indent, std::string_view first, std::string_view text, Colour colour_of_first) {
  const size_t hang = indent + columns(first);
  text_.append(indent, ' ');
  text_ += paint(colour_of_first, first);
  size_t column = hang;
  auto new_line = [&] {
    text_ += '\n';
    text_.append(hang, ' ');
    column = hang;
  };
  for (bool is_first_line = true; !text.empty() || is_first_line; is_first_line = false) {
    if (!is_first_line) new_line();
    const size_t end = std::min(text.find('\n'), text.size());
    std::string_view words = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (!words.empty()) {
      const size_t space = std::min(words.find(' '), words.size());
      const std::string word = printable(words.substr(0, space));
      words.remove_prefix(std::min(space + 1, words.size()));
      if (column > hang && column + 1 + columns(word) > options_.width) new_line();
      if (column > hang) {
        text_ += ' ';
        ++column;
      }
      text_ += word;
      column += columns(word);
    }
  }
  text_ += '\n';
}

void Writer::frame(size_t indent, size_t number, const finding::Frame& frame) {
  const bool is_dim = is_library_frame(frame);
  const std::string function = frame.function.empty() ? "??" : printable(frame.function);
  std::string text = fmt::format("#{:<2} {}", number, is_dim ? function : paint(Colour::kStrong, function));
  const bool has_place = !frame.file.empty() || !frame.module.empty() || frame.address != 0;
  if (has_place)
    text += frame.file.empty() ? fmt::format(" ({})", printable(place_of(frame, options_.base_directory)))
                               : " at " + printable(place_of(frame, options_.base_directory));
  if (frame.inlined) text += " (inlined)";
  if (!frame.language.empty()) text += fmt::format(" ({})", printable(frame.language));
  line(indent, is_dim ? paint(Colour::kDim, text) : text);
}

bool Writer::excerpt(size_t indent, const finding::Frame& frame) {
  if (!options_.excerpts || frame.file.empty() || is_library_frame(frame)) return false;
  const auto source = sources_.line(frame.file, frame.line);
  if (!source) return false;
  line(indent, paint(Colour::kDim, fmt::format("{:>8} |", frame.line)) + ' ' + *source);
  return true;
}

void Writer::folded(size_t indent, const finding::Stack& stack, size_t first, size_t count) {
  const size_t last = first + count - 1;
  std::string text = fmt::format("#{}-#{} ", first, last);
  if (last + 1 < stack.size()) text += printable(stack[last].function) + ' ';
  line(indent, paint(Colour::kDim, text + fmt::format("({} library frames)", count)));
}

void Writer::stack(size_t indent, const finding::Stack& stack) {
  if (stack.empty()) return line(indent, paint(Colour::kDim, "(no stack was recorded)"));
  const bool can_fold = options_.fold_library && !std::ranges::all_of(stack, is_library_frame);
  bool has_excerpt = false;
  size_t next = 0;
  for (size_t lines = 0; next < stack.size() && lines < options_.stack_depth; ++lines) {
    const auto own =
        std::find_if_not(stack.begin() + static_cast<std::ptrdiff_t>(next), stack.end(), is_library_frame);
    const size_t run = static_cast<size_t>(own - stack.begin()) - next;
    if (can_fold && run > 1) {
      folded(indent, stack, next, run);
      next += run;
      continue;
    }
    frame(indent, next, stack[next]);
    if (!has_excerpt) has_excerpt = excerpt(indent, stack[next]);
    ++next;
  }
  if (const size_t rest = stack.size() - next; rest != 0) {
    line(indent, paint(Colour::kDim, fmt::format("... {} more frame{}", rest, rest == 1 ? "" : "s")));
  }
}

std::string describe(const finding::ThreadName& thread) {
  if (thread.tid == 0 && thread.name.empty()) return "a thread";
  std::string result = quoted(thread.name);
  // A thread of a trace that names threads alone, or of the static pass.
  if (thread.tid == 0) return result;
  result += fmt::format(" (tid {}", thread.tid);
  if (thread.pid != 0) result += fmt::format(", pid {}", thread.pid);
  return result + ')';
}

std::string describe(const finding::ResourceName& resource, std::string_view mode) {
  const std::string name = printable(name_of(resource));
  std::string details = printable(resource.kind);
  if (!mode.empty() && mode != "exclusive") details += (details.empty() ? "" : ", ") + printable(mode);
  return details.empty() ? name : fmt::format("{} ({})", name, details);
}

std::string describe_duration(uint64_t milliseconds) {
  const uint64_t seconds = milliseconds / 1000;
  if (seconds == 0) return fmt::format("{} ms", milliseconds);
  if (seconds < 60) return fmt::format("{}.{} s", seconds, milliseconds % 1000 / 100);
  if (seconds < 3600) return fmt::format("{} min {:02} s", seconds / 60, seconds % 60);
  return fmt::format("{} h {:02} min", seconds / 3600, seconds / 60 % 60);
}

}  // namespace gordian::report
