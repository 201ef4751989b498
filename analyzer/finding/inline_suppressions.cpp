#include "analyzer/finding/inline_suppressions.h"

#include <algorithm>
#include <utility>

#include "analyzer/finding/frames.h"
#include "analyzer/finding/source_text.h"

namespace gordian::finding {
namespace {

constexpr std::string_view kHowTo = "; write gordian: ignore(RULE) REASON";

// Takes `word` off, and the blanks behind it.
bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text = trimmed(text.substr(word.size()));
  return true;
}

class CommentReader {
 public:
  CommentReader(InlineSuppressions& result, const std::string& file, const SourceText& source)
      : result_(result), file_(file), source_(source) {}

  void read(const Comment& comment) {
    std::string_view text = comment.text;
    if (!take(text, "gordian:") || !take(text, "ignore")) return;
    line_ = comment.first_line;
    const size_t end = text.find(')');
    if (!text.starts_with('(') || end == text.npos) return problem("it names no rule" + std::string(kHowTo));
    InlineSuppression suppression{.file = file_, .line = line_, .is_about = line_about(comment)};
    if (!read_rules(text.substr(1, end - 1), suppression.rules)) return;
    std::string_view reason = trimmed(text.substr(end + 1));
    reason = reason.substr(0, reason.find('\n'));
    suppression.reason = trimmed(reason);
    if (suppression.reason.empty())
      return problem("it gives no reason; say behind the bracket why this is no problem");
    result_.suppressions.push_back(std::move(suppression));
  }

 private:
  void problem(const std::string& what) {
    result_.problems.push_back(file_ + ':' + std::to_string(line_) + ": this suppresses nothing: " + what);
  }

  bool read_rules(std::string_view list, std::vector<RuleId>& rules) {
    while (true) {
      const size_t comma = std::min(list.find(','), list.size());
      const std::string name(trimmed(list.substr(0, comma)));
      const auto rule = rule_from(name);
      if (!rule) {
        problem(name.empty() ? "it names no rule" + std::string(kHowTo)
                             : "there is no rule \"" + name + "\"; gordian check --list-rules names them");
        return false;
      }
      rules.push_back(*rule);
      if (comma == list.size()) return true;
      list.remove_prefix(comma + 1);
    }
  }

  uint32_t line_about(const Comment& comment) const {
    if (!comment.is_alone) return comment.last_line;
    uint32_t line = comment.last_line;
    for (const Comment& each : source_.comments) {
      if (each.is_alone && each.first_line == line + 1) line = each.last_line;
    }
    return line + 1;
  }

  InlineSuppressions& result_;
  const std::string& file_;
  const SourceText& source_;
  uint32_t line_ = 0;
};

}  // namespace

InlineSuppressions parse_inline_suppressions(std::string_view text, const std::string& file) {
  InlineSuppressions result;
  if (text.find("gordian:") == text.npos) return result;
  const SourceText source = scan_source(text);
  CommentReader reader(result, file, source);
  for (const Comment& comment : source.comments) reader.read(comment);
  return result;
}

std::vector<Frame> own_places(const Finding& finding) {
  std::vector<Frame> places;
  for (const Step& step : finding.cycle) {
    if (const Frame* frame = telling_frame(step.waiting_at)) places.push_back(*frame);
  }
  return places;
}

void apply(std::vector<InlineSuppression>& suppressions, Report& report) {
  for (Finding& finding : report.findings) {
    const std::vector<Frame> places = own_places(finding);
    for (InlineSuppression& each : suppressions) {
      const bool is_meant = std::ranges::find(each.rules, finding.rule) != each.rules.end() &&
                            std::ranges::any_of(places, [&](const Frame& place) {
                              return place.line == each.is_about && place.file == each.file;
                            });
      if (!is_meant) continue;
      each.is_used = true;
      if (!std::exchange(finding.suppressed, true)) finding.suppression = each.reason;
    }
  }
}

}  // namespace gordian::finding
