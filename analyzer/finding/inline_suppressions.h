// Suppressions that stand in the source, beside what they are about:
//
//     // gordian: ignore(double-lock) the first one was released by close()
//     std::scoped_lock lock(mutex_);  // gordian: ignore(lock-order-inversion, data-race) main is alone here
//
// Promises: text in, marks out; no I/O. A comment is about the line that it shares with code; one without
// code is about the first line after it that is no comment. A finding is suppressed when its rule is named
// and one of its own places, where a side does what the finding is about, is on that line. What is no
// suppression but looks like one (no reason, an unknown rule) is told and suppresses nothing.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::finding {

struct InlineSuppression {
  std::string file;
  uint32_t line = 0;      // of the comment
  uint32_t is_about = 0;  // a line
  std::vector<RuleId> rules;
  std::string reason;
  bool is_used = false;
};

struct InlineSuppressions {
  std::vector<InlineSuppression> suppressions;
  std::vector<std::string> problems;  // "bank.cpp:12: ...", a line each
};

// `file` as the frames of findings name it.
InlineSuppressions parse_inline_suppressions(std::string_view text, const std::string& file);

// Where the sides of a finding do what it is about: the files and lines that a comment can name.
std::vector<Frame> own_places(const Finding& finding);

// Marks what matches; what was marked before stays so.
void apply(std::vector<InlineSuppression>& suppressions, Report& report);

}  // namespace gordian::finding
