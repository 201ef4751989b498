// A line is `RULE:PATTERN REASON`, where PATTERN is `GLOB`, `lock=GLOB`, `function=GLOB`, `module=GLOB` or
// `file=GLOB`, and GLOB stands in double quotes when it has blanks; or it is `fingerprint DIGITS REASON`.
#include <algorithm>
#include <utility>

#include "analyzer/finding/suppressions.h"

namespace gordian::finding {
namespace {

using Subject = Suppression::Subject;

constexpr std::string_view kBlanks = " \t\r\f\v";
constexpr size_t kFingerprintSize = 16;

std::string_view trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(kBlanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Takes the first word off.
std::string_view take_word(std::string_view& text) {
  const size_t end = std::min(text.find_first_of(kBlanks), text.size());
  const std::string_view word = text.substr(0, end);
  text = trimmed(text.substr(end));
  return word;
}

std::string in_quotes(std::string_view text) {
  return '"' + std::string(text) + '"';
}

class LineParser {
 public:
  LineParser(std::string_view line, std::string place) : rest_(line) {
    result_.place = std::move(place);
    result_.line = line;
  }

  Suppression parse() {
    if (rest_ == "fingerprint" || rest_.starts_with("fingerprint ") || rest_.starts_with("fingerprint\t")) {
      parse_fingerprint();
    } else {
      parse_rule();
      parse_subject();
      parse_pattern();
    }
    if (rest_.empty()) fail("it gives no reason; say after the pattern why this is no problem");
    result_.reason = rest_;
    return std::move(result_);
  }

 private:
  [[noreturn]] void fail(const std::string& why) const { throw SuppressionError(result_.place + ": " + why); }

  void parse_fingerprint() {
    take_word(rest_);
    const std::string_view digits = take_word(rest_);
    const bool is_good = digits.size() == kFingerprintSize && std::ranges::all_of(digits, [](char each) {
                           return (each >= '0' && each <= '9') || (each >= 'a' && each <= 'f');
                         });
    if (!is_good)
      fail(in_quotes(digits) + " is no fingerprint; copy the 16 hexadecimal digits out of the report");
    result_.fingerprint = digits;
  }

  void parse_rule() {
    const size_t colon = rest_.find(':');
    if (colon == rest_.npos || rest_.substr(0, colon).find_first_of(kBlanks) != rest_.npos)
      fail("it does not begin with a rule; write RULE:PATTERN REASON, or fingerprint DIGITS REASON");
    const std::string_view rule = rest_.substr(0, colon);
    rest_.remove_prefix(colon + 1);
    if (rule == "*") return;
    result_.rule = rule_from(rule);
    if (!result_.rule)
      fail("there is no rule " + in_quotes(rule) + "; write its id, such as lock-order-inversion, or *");
  }

  void parse_subject() {
    constexpr std::pair<std::string_view, Subject> kSubjects[] = {{"lock", Subject::kLock},
                                                                  {"function", Subject::kFunction},
                                                                  {"module", Subject::kModule},
                                                                  {"file", Subject::kFile}};
    const size_t equals = rest_.find('=');
    const std::string_view word = rest_.substr(0, std::min(equals, rest_.size()));
    const bool is_word =
        !word.empty() && std::ranges::all_of(word, [](char c) { return c >= 'a' && c <= 'z'; });
    if (equals == rest_.npos || !is_word || word == "operator") return;
    const auto* place = std::ranges::find(kSubjects, word, &std::pair<std::string_view, Subject>::first);
    if (place == std::end(kSubjects))
      fail(in_quotes(word) + " is nothing to compare with; write lock=, function=, module= or file=");
    result_.subject = place->second;
    rest_.remove_prefix(equals + 1);
  }

  void parse_pattern() {
    if (rest_.starts_with('"')) {
      parse_quoted_pattern();
    } else {
      result_.pattern = take_word(rest_);
      // A name such as f(int, int) would end at its blank.
      const auto count = [this](char wanted) { return std::ranges::count(result_.pattern, wanted); };
      if (count('(') != count(')') || count('<') > count('>'))
        fail("the pattern " + in_quotes(result_.pattern) +
             " ends within brackets; put a pattern with blanks in double quotes");
    }
    if (result_.pattern.empty())
      fail("the pattern is missing; write RULE:PATTERN REASON, * matches everything");
  }

  void parse_quoted_pattern() {
    size_t i = 1;
    for (; i < rest_.size() && rest_[i] != '"'; ++i) {
      if (rest_[i] == '\\' && i + 1 < rest_.size()) ++i;
      result_.pattern += rest_[i];
    }
    if (i >= rest_.size()) fail("the quoted pattern has no end; close it with a double quote");
    rest_.remove_prefix(i + 1);
    if (!rest_.empty() && kBlanks.find(rest_.front()) == kBlanks.npos)
      fail("something follows the quoted pattern at once; put a blank between the pattern and the reason");
    rest_ = trimmed(rest_);
  }

  std::string_view rest_;
  Suppression result_;
};

// Calls `take` with each line that says something, trimmed, and its place.
template <typename Take>
void for_each_line(std::string_view text, const std::string& name, Take take) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (size_t number = 1; !text.empty(); ++number) {
    const size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!line.empty() && !line.starts_with('#')) take(line, name + ':' + std::to_string(number));
  }
}

// There a pattern covers any part of a name, unless ^ or $ ties it to an end.
std::string glob_from_tsan(std::string_view pattern) {
  const bool is_start = pattern.starts_with('^');
  const bool is_end = pattern.size() > (is_start ? 1u : 0u) && pattern.ends_with('$');
  if (is_start) pattern.remove_prefix(1);
  if (is_end) pattern.remove_suffix(1);
  return (is_start ? "" : "*") + std::string(pattern) + (is_end ? "" : "*");
}

// What a kind of line there is about.
struct TsanKind {
  RuleId rule;
  Suppression::Subject subject;
  bool is_innermost;
};

std::optional<TsanKind> tsan_kind(std::string_view kind) {
  using Subject = Suppression::Subject;
  if (kind == "deadlock") return TsanKind{RuleId::kLockOrderInversion, Subject::kAnything, false};
  if (kind == "race") return TsanKind{RuleId::kDataRace, Subject::kAnything, false};
  if (kind == "race_top") return TsanKind{RuleId::kDataRace, Subject::kAnything, true};
  if (kind == "called_from_lib") return TsanKind{RuleId::kDataRace, Subject::kModule, true};
  return std::nullopt;
}

}  // namespace

std::vector<Suppression> parse_suppressions(std::string_view text, const std::string& name) {
  std::vector<Suppression> result;
  for_each_line(text, name, [&](std::string_view line, std::string place) {
    result.push_back(LineParser(line, std::move(place)).parse());
  });
  return result;
}

std::vector<Suppression> parse_tsan_suppressions(std::string_view text, const std::string& name) {
  constexpr std::string_view kOtherKinds[] = {"mutex", "thread", "signal"};
  std::vector<Suppression> result;
  for_each_line(text, name, [&](std::string_view line, std::string place) {
    const size_t colon = std::min(line.find(':'), line.size());
    const std::string_view kind = line.substr(0, colon);
    const std::string_view pattern = line.substr(std::min(colon + 1, line.size()));
    const bool is_other = std::ranges::find(kOtherKinds, kind) != std::end(kOtherKinds);
    const std::optional<TsanKind> known = tsan_kind(kind);
    if (pattern.empty() || (!is_other && !known)) {
      throw SuppressionError(
          place + ": " + in_quotes(line) +
          " is no suppression of ThreadSanitizer; write race:PATTERN or deadlock:PATTERN, or give the file "
          "with --suppressions if it is one of gordian's");
    }
    if (is_other) return;
    result.push_back({.place = place,
                      .line = std::string(line),
                      .fingerprint = {},
                      .rule = known->rule,
                      .subject = known->subject,
                      .pattern = glob_from_tsan(pattern),
                      .reason = "suppressed for ThreadSanitizer in " + place,
                      .is_innermost = known->is_innermost});
  });
  return result;
}

}  // namespace gordian::finding
