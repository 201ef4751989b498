// Which findings are not to fail anybody's build, by fingerprint or by pattern, and why.
//
// Promises: one format for whatever finds (docs/formats/suppressions.md); ThreadSanitizer's own files are
// read as well. Text in, marks out; no I/O. A finding that matches is marked and keeps its place in the
// report; the first suppression that matches gives the reason, and each that matches counts as used. Errors:
// SuppressionError, one line with the name of the text and the number of the line.
#pragma once

#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::finding {

class SuppressionError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct Suppression {
  // What the pattern is compared with.
  enum class Subject {
    kLockOrFunction,
    kLock,      // stable names
    kFunction,  // with or without its parameters
    kModule,    // whole path or its end, from a slash on
    kFile,      // the same
    kAnything,
  };

  std::string place;  // "FILE:LINE"
  std::string line;   // as it was written
  std::string fingerprint;
  std::optional<RuleId> rule;  // none: every rule
  Subject subject = Subject::kLockOrFunction;
  std::string pattern;
  std::string reason;
  bool is_used = false;
  bool is_innermost = false;  // compared with the innermost frame of each side alone

  bool matches(const Finding& finding) const;
};

// `name` is what errors call the text: its file.
std::vector<Suppression> parse_suppressions(std::string_view text, const std::string& name);

// A file of ThreadSanitizer: its `deadlock:` lines are about lock orders, `race:`, `race_top:` and
// `called_from_lib:` about data races; lines of other kinds are about what is not found here, and are passed
// over.
std::vector<Suppression> parse_tsan_suppressions(std::string_view text, const std::string& name);

class Suppressions {
 public:
  void add(std::vector<Suppression> suppressions);
  bool empty() const { return suppressions_.empty(); }

  // Marks what matches; what was marked before stays so.
  void apply(Report& report);

  // Those that have matched nothing so far.
  std::vector<Suppression> unused() const;

 private:
  std::vector<Suppression> suppressions_;
};

}  // namespace gordian::finding
