#include "analyzer/report/html/markup.h"

#include <fmt/format.h>

#include "analyzer/report/escape.h"
#include "analyzer/report/picture.h"

namespace gordian::report {
namespace {

constexpr size_t kLongestName = 72;

std::string escaped(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (char character : text) {
    switch (character) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      case '\'':
        result += "&#39;";
        break;
      default:
        result += character;
    }
  }
  return result;
}

std::string title_of(std::string_view name, const std::string& shown) {
  const std::string whole = printable(name);
  return whole == shown ? "" : fmt::format(" title=\"{}\"", escaped(whole));
}

}  // namespace

std::string html_text(std::string_view text) {
  return escaped(printable(text));
}

std::string html_name(std::string_view name) {
  const std::string shown = shortened(name, kLongestName);
  return fmt::format("<span class=\"name\"{}>{}</span>", title_of(name, shown), escaped(shown));
}

std::string html_link(std::string_view target, std::string_view name) {
  const std::string shown = shortened(name, kLongestName);
  return fmt::format("<a class=\"name\" href=\"#{}\"{}>{}</a>", target, title_of(name, shown),
                     escaped(shown));
}

std::string html_grade(finding::Grade grade) {
  return fmt::format("<span class=\"grade {0}\" title=\"{1}\">{0}</span>", name_of(grade), meaning_of(grade));
}

std::string_view meaning_of(finding::Grade grade) {
  switch (grade) {
    case finding::Grade::kProven:
      return "It is happening: all four conditions hold now, on ownership that the locks themselves enforce.";
    case finding::Grade::kInferred:
      return "It is happening, but one link rests on observed use.";
    case finding::Grade::kConfirmed:
      return "It did not happen in the observed run; a steered second run made it happen.";
    case finding::Grade::kPredicted:
      return "A reordering of the observed run reaches it.";
    case finding::Grade::kPossible:
      return "The orders conflict, and nothing observed rules it out.";
    case finding::Grade::kUnlikely:
      return "The orders conflict, but something observed rules it out.";
  }
  return "";
}

std::string counted(uint64_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

}  // namespace gordian::report
