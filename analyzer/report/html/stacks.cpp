#include "analyzer/report/html/stacks.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/finding/frames.h"
#include "analyzer/report/html/markup.h"
#include "analyzer/report/phrases.h"

namespace gordian::report {

using finding::Frame;
using finding::is_library_frame;
using finding::Stack;

namespace {

constexpr uint32_t kNeighbours = 2;  // lines shown before and after the one that says most

}  // namespace

std::string HtmlStacks::render(const Stack& stack) {
  if (stack.empty()) return "<p class=\"dim\">No stack was recorded.</p>\n";
  const Frame* telling = finding::telling_frame(stack);
  const bool can_fold = !std::ranges::all_of(stack, is_library_frame);
  std::string result = "<ol class=\"stack\">\n";
  size_t next = 0;
  for (size_t lines = 0; next < stack.size() && lines < options_.stack_depth; ++lines) {
    size_t end = next;
    while (end < stack.size() && is_library_frame(stack[end])) ++end;
    if (can_fold && end - next > 1) {
      result += folded(next, end, stack);
      next = end;
    } else {
      result += frame(next, stack[next], &stack[next] == telling ? kNeighbours : 0);
      ++next;
    }
  }
  if (const size_t rest = stack.size() - next; rest != 0)
    result += fmt::format("<li class=\"dim\">{} not shown</li>\n", counted(rest, "more frame"));
  return result + "</ol>\n";
}

std::string HtmlStacks::place_of(const Stack& stack) const {
  const Frame* frame = finding::telling_frame(stack);
  return frame == nullptr ? "" : fmt::format("{}:{}", base_name(frame->file), frame->line);
}

std::string HtmlStacks::frame(size_t number, const Frame& frame, uint32_t neighbours) {
  const bool is_library = is_library_frame(frame);
  std::string text = fmt::format("<li{}><span class=\"number\">#{}</span> <span class=\"function\">{}</span>",
                                 is_library ? " class=\"library\"" : "", number,
                                 html_name(frame.function.empty() ? "??" : frame.function));
  if (!frame.file.empty() || !frame.module.empty() || frame.address != 0) {
    text += fmt::format(" <span class=\"place\">{}</span>",
                        html_name(report::place_of(frame, options_.base_directory)));
  }
  if (frame.inlined) text += " <span class=\"tag\">inlined</span>";
  if (!frame.language.empty())
    text += fmt::format(" <span class=\"tag\">{}</span>", html_name(frame.language));
  if (!is_library) text += source(frame, neighbours);
  return text + "</li>\n";
}

std::string HtmlStacks::folded(size_t first, size_t end, const Stack& stack) {
  const std::string& called = stack[end - 1].function;
  std::string result = fmt::format(
      "<li class=\"library\"><details><summary><span class=\"number\">#{}\u2013{}</span> {} ({} library "
      "frames)</summary><ol class=\"stack\">\n",
      first, end - 1, html_name(called.empty() ? "??" : called), end - first);
  for (size_t i = first; i < end; ++i) result += frame(i, stack[i], 0);
  return result + "</ol></details></li>\n";
}

std::string HtmlStacks::source(const Frame& frame, uint32_t neighbours) {
  if (frame.file.empty() || frame.line == 0 || !sources_.line(frame.file, frame.line)) return "";
  std::string result = "<pre class=\"source\">";
  const uint32_t first = frame.line > neighbours ? frame.line - neighbours : 1;
  const uint32_t count = frame.line - first + neighbours + 1;
  for (uint32_t number = first; number < first + count; ++number) {
    const auto line = sources_.line(frame.file, number);
    if (!line) break;
    const std::string text = fmt::format("<span class=\"number\">{:>5}</span> {}", number, html_text(*line));
    result += number == frame.line ? "<mark>" + text + "</mark>\n" : text + '\n';
  }
  return result + "</pre>";
}

}  // namespace gordian::report
