// What each rule is about, in words that fit a list of rules; docs/rules has a page for each.
#pragma once

#include <string_view>

#include "analyzer/finding/finding.h"

namespace gordian::report {

struct RuleText {
  std::string_view summary;      // one sentence
  std::string_view description;  // what it means for the program
  std::string_view help;         // what to do about it
};

RuleText text_of(finding::RuleId rule);

}  // namespace gordian::report
